package gc

// roleVar makes the test binary play another program.
const roleVar = "INLINELENS_GC_TEST_ROLE"

func playRole(role string) int {
	return 2
}
