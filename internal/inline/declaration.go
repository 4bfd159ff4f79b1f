package inline

// A Declaration names a function by where it is declared. The column is left out, as
// export data has none.
type Declaration struct {
	File string // absolute
	Line int
	Name string // without package, receiver and type arguments
}
