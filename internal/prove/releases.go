package prove

// Each supported Go release as a value of GOTOOLCHAIN. The one in between that
// runs the tests is "local".
const (
	Oldest = "go1.22.12"
	Newest = "go1.27.4"
)

// Releases returns all of them, oldest first.
func Releases() []string {
	return []string{Oldest, "go1.23.12", "go1.24.11", "go1.25.4", "local", Newest}
}

// Between returns those between the oldest and the newest, without that which
// runs the tests.
func Between() []string { return []string{"go1.23.12", "go1.24.11", "go1.25.4"} }
