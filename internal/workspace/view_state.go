package workspace

// A viewState says what is done about a view. It belongs to the workspace's
// goroutine, and changes in view.advance alone.
type viewState uint8

const (
	stateIdle              viewState = iota // nothing is under way or pending
	stateCompilePending                     // the next run compiles
	stateLoadPending                        // the next run loads, and compiles
	stateLoading                            // a run loads
	stateCompiling                          // a run compiles what is loaded
	stateLinking                            // the unit's own verdicts are known; those that lie in other packages are to come
	stateFinishing                          // all is known; the run cleans up, or compiles once more if it finds another text
	stateStoppingToCompile                  // a run is being stopped; the next one compiles
	stateStoppingToLoad                     // a run is being stopped; the next one loads, and compiles
)

// A viewEvent is what happens to a view.
type viewEvent uint8

const (
	eventCompileRequested viewEvent = iota
	eventLoadRequested
	eventStarted // of a run
	eventLoaded  // the run's load has found the package
	eventPartial // the run has a result to which another one will add
	eventResult  // the run has a result
	eventEnded   // of a run
)

var stateNames = [...]string{
	stateIdle:              "idle",
	stateCompilePending:    "compile pending",
	stateLoadPending:       "load pending",
	stateLoading:           "loading",
	stateCompiling:         "compiling",
	stateLinking:           "linking",
	stateFinishing:         "finishing",
	stateStoppingToCompile: "stopping to compile",
	stateStoppingToLoad:    "stopping to load",
}

func (s viewState) String() string { return stateNames[s] }

var eventNames = [...]string{
	eventCompileRequested: "compile requested",
	eventLoadRequested:    "load requested",
	eventStarted:          "started",
	eventLoaded:           "loaded",
	eventPartial:          "partial result",
	eventResult:           "result",
	eventEnded:            "ended",
}

func (e viewEvent) String() string { return eventNames[e] }

// transitions has the state that follows for each event that a state can meet. A run
// goes on for a moment after it was stopped: what it still says changes nothing.
var transitions = map[viewState]map[viewEvent]viewState{
	stateIdle: {
		eventCompileRequested: stateCompilePending,
		eventLoadRequested:    stateLoadPending,
	},
	stateCompilePending: {
		eventCompileRequested: stateCompilePending,
		eventLoadRequested:    stateLoadPending,
		eventStarted:          stateCompiling,
	},
	stateLoadPending: {
		eventCompileRequested: stateLoadPending,
		eventLoadRequested:    stateLoadPending,
		eventStarted:          stateLoading,
	},
	stateLoading: {
		eventCompileRequested: stateStoppingToLoad,
		eventLoadRequested:    stateStoppingToLoad,
		eventLoaded:           stateCompiling,
		eventResult:           stateFinishing, // the load failed
		eventEnded:            stateIdle,
	},
	stateCompiling: {
		eventCompileRequested: stateStoppingToCompile,
		eventLoadRequested:    stateStoppingToLoad,
		eventLoaded:           stateCompiling, // once more, as files had changed
		eventPartial:          stateLinking,
		eventResult:           stateFinishing,
		eventEnded:            stateIdle,
	},
	stateLinking: {
		eventCompileRequested: stateStoppingToCompile,
		eventLoadRequested:    stateStoppingToLoad,
		eventLoaded:           stateCompiling, // once more, as files were gone
		eventPartial:          stateLinking,
		eventResult:           stateFinishing,
		eventEnded:            stateIdle,
	},
	stateFinishing: {
		eventCompileRequested: stateStoppingToCompile,
		eventLoadRequested:    stateStoppingToLoad,
		eventLoaded:           stateFinishing,
		eventPartial:          stateLinking,
		eventResult:           stateFinishing,
		eventEnded:            stateIdle,
	},
	stateStoppingToCompile: {
		eventCompileRequested: stateStoppingToCompile,
		eventLoadRequested:    stateStoppingToLoad,
		eventEnded:            stateCompilePending,
	},
	stateStoppingToLoad: {
		eventCompileRequested: stateStoppingToLoad,
		eventLoadRequested:    stateStoppingToLoad,
		eventEnded:            stateLoadPending,
	},
}

// after returns the state that follows s, and whether s can meet the event at all.
func (s viewState) after(e viewEvent) (viewState, bool) {
	next, ok := transitions[s][e]
	if !ok {
		return s, false
	}
	return next, true
}

// pending reports whether a run is to be started, and none is under way.
func (s viewState) pending() bool { return s == stateCompilePending || s == stateLoadPending }

// running reports whether a run is under way, be it one that is being stopped.
func (s viewState) running() bool { return s >= stateLoading }

// stopping reports whether nobody waits any more for what the run has to say.
func (s viewState) stopping() bool { return s == stateStoppingToCompile || s == stateStoppingToLoad }

// incomplete reports whether there is more to come.
func (s viewState) incomplete() bool { return s != stateIdle && s != stateFinishing }
