// Package sample provokes the remarks of the compiler that the parser reads.
// It is compiled by each release, never run.
package sample

import (
	"errors"
	"math/bits"
	"sync/atomic"
	"unsafe"
)

// Small enough.

func add(a, b int) int { return a + b }

func twice(a int) int { return add(a, a) + bits.TrailingZeros(uint(a)) }

func variadic(xs ...int) int { return len(xs) + min(len(xs), 3) + max(1, len(xs)) }

// Too large, or forbidden.

func large(a []int) (sum int) {
	for i, x := range a {
		if x > i {
			sum += twice(x) * large(a[1:])
		} else {
			sum -= twice(i) / (1 + large(a[:i]))
		}
	}
	return sum + len(errors.New("large: with cost 5 as: ").Error())
}

//go:noinline
func forbidden() int { return 1 }

//go:uintptrescapes
func escaping(p uintptr) uintptr { return p + 1 }

//go:norace
func norace() int { return forbidden() }

//go:nocheckptr
func nocheckptr(p unsafe.Pointer) unsafe.Pointer { return unsafe.Add(p, 1) }

func bodyless(p *int) int

func deferred() {
	defer add(1, 2)
	defer func() { _ = recover() }()
}

func started(c chan int) {
	go add(1, 2)
	go func() { c <- twice(1) }()
}

func recovers() any { return recover() }

func selects(c, d chan int) int {
	select {
	case x := <-c:
		return x
	case d <- 1:
		return 2
	}
}

func jumps(n int) int {
again:
	n--
	if n > 10 {
		goto again
	}
	return n
}

func typeSwitch(x any) int {
	switch x := x.(type) {
	case int:
		return x
	case string:
		return len(x)
	}
	return 0
}

// Recursion.

func even(n int) bool {
	if n == 0 {
		return true
	}
	return odd(n - 1)
}

func odd(n int) bool {
	if n == 0 {
		return false
	}
	return even(n - 1)
}

func fib(n int) int {
	if n < 2 {
		return n
	}
	return fib(n-1) + fib(n-2)
}

func cycles() bool { return even(10) || odd(11) || fib(3) > 2 }

// Closures.

func closures(a int) (func() int, int) {
	b := a
	once := func(x int) int { b += x; return twice(b) }
	often := func(x int) int { return x + a }
	now := func() int { return add(a, 7) }()
	never := func() int { return add(b, 9) }
	_ = never
	nested := func() func() int {
		return func() int { return func() int { return add(b, 1) }() }
	}
	return nested(), once(1) + often(2) + often(3) + now
}

var global = func(x int) int { return twice(x) + func() int { return x }() }

var initialised = twice(4) + global(5)

func init() { initialised += twice(6) }

func methodValues(p *point) int {
	f, g := p.sum, (*point).sum
	return f() + g(p) + point.scale(*p, 2)
}

// Methods, interfaces, devirtualization.

type point struct{ x, y int }

func (p *point) sum() int { return p.x + p.y }

func (p point) scale(by int) int { return (p.x + p.y) * by }

type summer interface{ sum() int }

type wraps struct {
	summer
	n int
}

type promotes struct{ *point }

func dynamic(s summer) int { return s.sum() }

func devirtualized() int {
	var s summer = &point{1, 2}
	var w summer = wraps{s, 3}
	var p summer = promotes{&point{3, 4}}
	return s.sum() + w.sum() + p.sum() + dynamic(s) + summer(&point{5, 6}).sum()
}

var _ summer = promotes{}

var counter atomic.Int64

func count() int64 { return counter.Add(1) }

func faraway() int {
	return add(1, 2) + add(111111111111111, 2222222222222222) + add(3333333333333333, 4444444444444444) + add(5555555555555555, 6666666666666666) + add(7777777777777777, 8888888888888888) + add(1111111111111111, 2222222222222222) + add(3333333333333333, 4444444444444444) + add(5555555555555555, 6666666666666666)
}

//line generated file.y:100
func lined() int { return add(1, 2) }

func linedColumn() int {
	return /*line other.y:7:9*/ twice(3)
}
