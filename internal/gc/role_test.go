package gc

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"
)

// roleVar makes the test binary play another program: a compiler with a fault
// that a real one cannot be made to have, a go command, or a user of this package.
const roleVar = "INLINELENS_GC_TEST_ROLE"

// argVar is the role's argument.
const argVar = "INLINELENS_GC_TEST_ARG"

func forever() int {
	time.Sleep(time.Hour)
	return 0
}

func playRole(role string) int {
	switch role {
	case "go":
		return playGo()
	case "parent":
		return playParent()
	case "hang":
		fmt.Println("a.go:1:2: can inline f with cost 4 as: func() { }")
		return forever()
	case "hang-silently":
		return forever()
	case "hang-with-child":
		child := exec.Command("/proc/self/exe", os.Args[1:]...)
		child.Env = append(os.Environ(), roleVar+"=hang-silently")
		child.Stdout = os.Stdout
		if err := child.Start(); err != nil {
			panic(err)
		}
		fmt.Println("a.go:1:2: can inline f with cost 4 as: func() { }")
		return forever()
	case "hang-with-closed-output":
		fmt.Println("a.go:1:2: can inline f with cost 4 as: func() { }")
		os.Stdout.Close()
		return forever()
	case "escape-then-hang":
		fmt.Println("a.go:1:2: can inline f with cost 4 as: func() { }")
		fmt.Println("a.go:1:2: x escapes to heap")
		fmt.Println("a.go:1:2: inlining call to never seen")
		return forever()
	case "leave-group":
		// A child in a session of its own keeps the output open.
		child := exec.Command("/proc/self/exe", os.Args[1:]...)
		child.Env = append(os.Environ(), roleVar+"=sleep-5s")
		child.Stdout = os.Stdout
		newSession(child)
		if err := child.Start(); err != nil {
			panic(err)
		}
		return forever()
	case "sleep-5s":
		time.Sleep(5 * time.Second)
		return 0
	case "panic":
		fmt.Println("a.go:1:2: can inline f with cost 4 as: func() { }")
		panic("boom")
	case "killed":
		killSelf()
		return forever()
	case "ice":
		fmt.Print("a.go:1:2: can inline f with cost 4 as: func() { }\na.go:3:4: internal compiler error: 'f': boom\n\nPlease file a bug report including a short program that triggers the error.\nhttps://go.dev/issue/new\n")
		return 2
	case "garbage":
		garbage()
		return 0
	case "garbage-and-fail":
		garbage()
		return 3
	case "fail-silently":
		return 3
	case "flood":
		// 64 MiB on one line, and as much on standard error.
		block := bytes.Repeat([]byte{'x'}, 1<<20)
		for range 64 {
			os.Stdout.Write(block)
			os.Stderr.Write(block)
		}
		fmt.Println("\na.go:1:2: inlining call to f")
		return 0
	}
	fmt.Fprintln(os.Stderr, "no such role:", role)
	return 125
}

func garbage() {
	for i := range 1000 {
		os.Stdout.Write([]byte{'g', byte(i), 0xff, 0x00, byte(i >> 8), ':', ' ', '\n'})
	}
	fmt.Println("a.go:1:2: inlining call to f")
}

// playGo is a go command: "go env -json" prints the argument, whatever it is asked for, "go tool -n
// compile" its second line.
func playGo() int {
	first, second, _ := strings.Cut(os.Getenv(argVar), "\n")
	switch args := strings.Join(os.Args[1:], " ") + " "; {
	case strings.HasPrefix(args, "env -json "):
		fmt.Println(first)
		return 0
	case args == "tool -n compile ":
		fmt.Println(second)
		return 0
	}
	return 2
}

// playParent compiles with a compiler that hangs, in the directory that is the
// argument, until it is killed.
func playParent() int {
	temp, err := NewTemp(os.Getenv(argVar))
	if err != nil {
		panic(err)
	}
	os.Setenv(roleVar, "hang")
	c := NewCompiler(fakeToolchain("hang"), temp)
	c.tee = os.Stdout
	_, err = c.Compile(context.Background(), Job{Dir: temp.Dir, ImportPath: "p", Files: []string{"a.go"}})
	fmt.Println(err)
	return 1
}

// fakeToolchain has the test binary in a role as its compiler.
func fakeToolchain(role string) *Toolchain {
	self, err := os.Executable()
	if err != nil {
		panic(err)
	}
	return &Toolchain{Version: "go1.99", GOOS: "linux", GOARCH: "amd64", Compile: self, Env: append(os.Environ(), roleVar+"="+role)}
}
