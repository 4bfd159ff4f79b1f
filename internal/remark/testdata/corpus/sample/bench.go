package sample

import "testing"

var sink int

func benchLoop(b *testing.B) {
	x := 1
	s := []int{1, 2}
	for b.Loop() {
		add(x, 2)
		x = twice(x)
		_ = add(x, s[0])
		*(&s[1]) = add(1, x)
		func() { sink = add(x, 1) }()
		x, s[0] = pair(x)
		pair(x)
		x++
	}
}

func pair(n int) (int, int) { return n, n }
