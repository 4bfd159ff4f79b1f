package main

import "testing"

func TestGCPercent(t *testing.T) {
	for _, test := range []struct {
		live, goal uint64
		want       int
	}{
		{0, 64 * mb, 1600}, // of the least heap, 4 MB
		{4 * mb, 64 * mb, 1500},
		{32 * mb, 64 * mb, 100},
		{100 * mb, 112 * mb, 12},
		{100 * mb, 90 * mb, 0},
	} {
		if got := gcPercent(test.live, test.goal); got != test.want {
			t.Errorf("gcPercent(%d MB, %d MB) = %d, want %d", test.live/mb, test.goal/mb, got, test.want)
		}
	}
}
