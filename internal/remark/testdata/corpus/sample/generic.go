package sample

type number interface{ ~int | ~float64 }

func maxOf[T number](a, b T) T {
	if a > b {
		return a
	}
	return b
}

type list[T any] struct {
	head T
	tail *list[T]
}

func (l *list[T]) push(x T) *list[T] { return &list[T]{x, l} }

func (l *list[T]) each(f func(T)) {
	for l := l; l != nil; l = l.tail {
		f(l.head)
	}
}

type stringer interface{ String() string }

type name string

func (n name) String() string { return string(n) }

func show[T stringer](x T) string { return x.String() }

func showAll[T stringer](xs ...T) (all string) {
	for _, x := range xs {
		all += show(x)
	}
	return all
}

// The struct tag has every separator that a remark has.
type awkward = struct {
	F int    `json:"a: b with cost 3 as: into c to d"`
	G string "quote \" bracket ] brace } with score 4"
}

func zero[T any]() (z T) { return z }

func convert[A, B any](a A, f func(A) B) B { return f(a) }

type box[T any] struct{ v T }

func (b box[T]) get() T { return b.v }

type getter[T any] interface{ get() T }

func through[T any](v T) T {
	var g getter[T] = box[T]{v}
	return g.get()
}

func shaped[T any](v T) T {
	g := getter[T](&box[T]{v})
	return g.get()
}

func instances() string {
	l := new(list[awkward]).push(zero[awkward]())
	l.each(func(awkward) {})
	new(list[func(int) map[string]chan<- int]).push(nil)
	_ = zero[[3]int]()
	_ = zero[interface{ M(int) (string, error) }]()
	_ = maxOf(1, 2) + int(maxOf(1.5, 2.5))
	_ = through(1) + shaped(2)
	_ = through("x") + shaped("y")
	_ = convert(3, func(n int) string { return "x" })
	type local struct{ a, b int }
	_ = zero[local]()
	return showAll(name("a"), name("b")) + convert(name("c"), name.String)
}

// ping and pong are inlined into each other until the cycle repeats itself.

func ping(n int) { pong(n - 1) }

func pong(n int) { ping(n - 2) }

func rally() { ping(3) }
