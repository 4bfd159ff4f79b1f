package sample

// A line with a comment "hot CALLEE" is one at which the profile has CALLEE called.

type worker interface{ work(n int) int }

type hotWorker struct{ k int }

func (w *hotWorker) work(n int) int {
	s := 0
	for i := range w.k {
		s += twice(n) + twice(i) + add(n, i)
		if s > 100 {
			s -= large([]int{s, n, i})
		}
	}
	return s
}

type coldWorker struct{}

func (coldWorker) work(n int) int { return n }

func middling(n int) int {
	s := n
	for i := 0; i < n; i++ {
		s += twice(i) + large(nil) + large([]int{n}) + large([]int{i})
	}
	return s
}

func drive(ws []worker, f func(int) int) int {
	s := 0
	for _, w := range ws {
		s += w.work(s) // hot (*hotWorker).work
	}
	s += f(s)        // hot middling
	s += middling(s) // hot middling
	s += indirect(s) // hot indirect
	return s
}

func indirect(n int) int {
	if n > 3 {
		return large(nil) + large(nil) + large(nil) // hot large
	}
	return n
}

func driveAll() int {
	return drive([]worker{&hotWorker{1}, coldWorker{}}, middling) // hot drive
}
