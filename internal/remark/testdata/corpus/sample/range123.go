package sample

import "iter"

func upTo(n int) iter.Seq[int] {
	return func(yield func(int) bool) {
		for i := range n {
			if !yield(add(i, 1)) {
				return
			}
		}
	}
}

func pairs(s []string) iter.Seq2[int, string] {
	return func(yield func(int, string) bool) {
		for i, x := range s {
			if !yield(i, x) {
				return
			}
		}
	}
}

func rangeOver(s []string) (sum int) {
	for x := range upTo(3) {
		sum += twice(x)
		for i := range pairs(s) {
			if i > 2 {
				return add(sum, i)
			}
			defer add(sum, i)
		}
	}
	return sum
}
