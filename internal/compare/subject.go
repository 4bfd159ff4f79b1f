package compare

// A Subject is what a finding is about: a function, a call in it, or something else.
type Subject struct {
	Function string // link name, of the caller for a call; "" for something else
	Call     bool   // it is about a call in Function
	Callee   string // link name, of a call; "" if it is not known before run time
	Inlined  string // link name of the callee whose inlined body makes the call; "" where Function does
	Where    string // which of its instances: "in instance [int]"; "" for all
	Text     string // what else it is: "the baseline", a directive
}

// String names the functions by their link names.
func (s Subject) String() string {
	return s.Named(func(name string) string { return name })
}

// Named names the functions as name does: "p.F -> q.G, in instance [int]".
func (s Subject) Named(name func(string) string) string {
	if s.Function == "" {
		return s.Text
	}
	text := name(s.Function)
	if s.Call {
		text += " -> " + s.CalleeNamed(name)
	}
	if s.Inlined != "" {
		text += ", in the body of " + name(s.Inlined) + " that was inlined there"
	}
	if s.Where != "" {
		text += ", " + s.Where
	}
	return text
}

// CalleeNamed names the callee of a call as name does.
func (s Subject) CalleeNamed(name func(string) string) string {
	if s.Callee == "" {
		return "a function value"
	}
	return name(s.Callee)
}

// functionSubject is a function, or one instance of it; instance is "" for all.
func functionSubject(name, instance string) Subject {
	return Subject{Function: name, Where: inInstance(instance)}
}

// callSubject is a call, or that in one instance of its caller.
func callSubject(caller, callee, instance string) Subject {
	return Subject{Function: caller, Call: true, Callee: callee, Where: inInstance(instance)}
}

func inInstance(instance string) string {
	if instance == "" {
		return ""
	}
	return "in instance [" + instance + "]"
}
