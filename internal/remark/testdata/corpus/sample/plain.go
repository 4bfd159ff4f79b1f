package sample

// What generic.go and profiled.go need, without imports.

func add(a, b int) int { return a + b }

func twice(a int) int { return add(a, a) }

func large(a []int) (sum int) {
	for i, x := range a {
		if x > i {
			sum += twice(x) * large(a[1:])
		} else {
			sum -= twice(i) / (1 + large(a[:i]))
		}
	}
	return sum
}
