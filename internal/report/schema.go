package report

import (
	"github.com/inlinelens/inlinelens/internal/compare"
	"github.com/inlinelens/inlinelens/internal/inline"
)

// Schema is the version of the JSON format. Fields are added without a new
// version; a new version means that a field was renamed or changed its meaning.
const Schema = 1

// This file has the objects of the JSON Lines, field by field in their order.
// docs/json.md says what each of them means.
//
// A field that is left out when it says nothing has omitzero: an empty list is
// there, a nil one is not. An embedded pointer stands for fields that are there
// together or not at all.

// A packageObject precedes the objects of its functions and calls.
type packageObject struct {
	Kind     string        `json:"kind"` // package
	Schema   int           `json:"schema"`
	Path     string        `json:"path"`
	Variant  string        `json:"variant"`
	Go       string        `json:"go"`
	GOOS     string        `json:"goos"`
	GOARCH   string        `json:"goarch"`
	Errors   []errorObject `json:"errors"`
	Problems int           `json:"problems,omitzero"`
}

type errorObject struct {
	*positionObject
	Message string `json:"message"`
}

// A header is what the objects of functions, calls, costs and near misses begin
// with.
type header struct {
	Kind    string `json:"kind"`
	Package string `json:"package"`
	Variant string `json:"variant,omitzero"`
	positionObject
}

type positionObject struct {
	File string `json:"file"`
	Line int    `json:"line"`
	Col  int    `json:"col"`
}

type reasonObject struct {
	Code    inline.ReasonCode `json:"code"`
	Op      string            `json:"op,omitzero"`
	Message string            `json:"message"`
	At      *positionObject   `json:"at,omitzero"`
}

// A costAndBudget is left out where the compiler names neither.
type costAndBudget struct {
	Cost   int `json:"cost"`
	Budget int `json:"budget"`
}

type functionObject struct {
	header           // of kind function
	Name      string `json:"name"`
	Inlinable bool   `json:"inlinable"`
	*costAndBudget
	Reason    *reasonObject            `json:"reason,omitzero"`
	Unknown   bool                     `json:"unknown,omitzero"`
	Hot       bool                     `json:"hot,omitzero"`
	Probe     bool                     `json:"probe,omitzero"`
	Tested    bool                     `json:"tested,omitzero"`
	Instances []functionInstanceObject `json:"instances,omitzero"`
}

type typeArgsObject struct {
	TypeArgs []string `json:"typeargs"`
	Shape    string   `json:"shape"`
}

type functionInstanceObject struct {
	typeArgsObject
	Inlinable bool `json:"inlinable"`
	*costAndBudget
	Reason *reasonObject `json:"reason,omitzero"`
}

type callObject struct {
	header               // of kind call
	Caller string        `json:"caller"`
	Callee string        `json:"callee"`
	Status string        `json:"status"`
	Reason *reasonObject `json:"reason,omitzero"`
	*costAndBudget
	Via           string               `json:"via"`
	Inlines       []inlinedObject      `json:"inlines,omitzero"`
	Declared      *positionObject      `json:"declared,omitzero"`
	Devirtualized string               `json:"devirtualized,omitzero"`
	Wrapped       bool                 `json:"wrapped,omitzero"`
	Hot           bool                 `json:"hot,omitzero"`
	Instances     []callInstanceObject `json:"instances,omitzero"`
}

type inlinedObject struct {
	Callee string `json:"callee"`
	Status string `json:"status"`
	*positionObject
	Reason *reasonObject `json:"reason,omitzero"`
	*costAndBudget
	Inlines []inlinedObject `json:"inlines,omitzero"`
}

type callInstanceObject struct {
	typeArgsObject
	Callee string        `json:"callee"`
	Status string        `json:"status"`
	Reason *reasonObject `json:"reason,omitzero"`
	*costAndBudget
}

type nearMissObject struct {
	header        // of kind near-miss
	Name   string `json:"name"`
	*costAndBudget
	Over  int `json:"over"`
	Calls int `json:"calls"`
}

// A costObject takes the cost of a function apart, or that of one instance of a
// generic function.
type costObject struct {
	header          // of kind cost
	Function string `json:"function"`
	*typeArgsObject
	Inlinable bool `json:"inlinable"`
	*countObject
	Reason   *reasonObject   `json:"reason,omitzero"`
	Unknown  bool            `json:"unknown,omitzero"`
	Source   *positionObject `json:"source,omitzero"`
	Lines    []lineObject    `json:"lines"`
	Blockers []blockerObject `json:"blockers"`
	Calls    callCounts      `json:"calls"`
	Callers  []callerObject  `json:"callers"`
}

// A countObject is left out where the compiler counted no cost.
type countObject struct {
	costAndBudget
	Printed     bool `json:"printed"`
	Unexplained int  `json:"unexplained"`
	Cut         bool `json:"cut,omitzero"`
}

type lineObject struct {
	Line  int          `json:"line"`
	Cost  int          `json:"cost"`
	Total int          `json:"total"`
	Parts []partObject `json:"parts"`
}

type partObject struct {
	Col      int             `json:"col"`
	EndLine  int             `json:"endLine,omitzero"` // left out on the line where the part begins
	EndCol   int             `json:"endCol,omitzero"`
	Cost     int             `json:"cost"`
	What     string          `json:"what"`
	Count    int             `json:"count,omitzero"` // left out for 1
	Callee   string          `json:"callee,omitzero"`
	Declared *positionObject `json:"declared,omitzero"`
	Note     string          `json:"note,omitzero"`
}

type blockerObject struct {
	Line int    `json:"line"`
	Col  int    `json:"col"`
	Op   string `json:"op"`
}

type callCounts struct {
	Total   int `json:"total"`
	Inlined int `json:"inlined"`
}

type callerObject struct {
	positionObject
	Caller string        `json:"caller"`
	Status string        `json:"status"`
	Reason *reasonObject `json:"reason,omitzero"`
}

// An adviceObject says which changes make a function inlinable.
type adviceObject struct {
	Kind     string         `json:"kind"` // advice
	Function string         `json:"function"`
	Calls    int            `json:"calls"` // in its package
	Offers   []changeObject `json:"offers"`
	Why      string         `json:"why,omitzero"` // there are no offers
	Notes    []string       `json:"notes,omitempty"`
}

type changeObject struct {
	Change  string `json:"change"`         // a rewrite.Kind
	Runs    string `json:"runs"`           // how often the call of the new function runs, a rewrite.Frequency
	Where   string `json:"where,omitzero"` // on which ways, in words
	File    string `json:"file"`           // absolute
	Line    int    `json:"line"`           // the first and the last of what moves
	EndLine int    `json:"endLine"`
	Name    string `json:"name,omitzero"` // of the new function
	costAndBudget
	Inlined int          `json:"inlined"` // calls, in its package
	Callers *gainObject  `json:"callers,omitzero"`
	Edits   []editObject `json:"edits"`
}

// A gainObject counts calls in other packages.
type gainObject struct {
	Calls   int `json:"calls"`
	Inlined int `json:"inlined"`
}

type editObject struct {
	Start int    `json:"start"` // offsets in the file, in bytes
	End   int    `json:"end"`
	New   string `json:"new"`
}

// A judgmentObject precedes the causes and findings of check and diff.
type judgmentObject struct {
	Kind       string   `json:"kind"` // judgment
	Schema     int      `json:"schema"`
	Command    string   `json:"command"`
	Exit       int      `json:"exit"` // the exit status
	Failed     int      `json:"failed"`
	Unjudged   int      `json:"unjudged"`
	Notes      int      `json:"notes"`
	Packages   int      `json:"packages"`
	Functions  int      `json:"functions"`
	Calls      int      `json:"calls"`
	Assertions int      `json:"assertions"`
	Held       int      `json:"held"`
	Elsewhere  int      `json:"elsewhere"` // of the assertions: about other builds or packages
	Recorded   int      `json:"recorded"`
	Builds     []string `json:"builds,omitzero"`
}

type causeObject struct {
	Kind  string            `json:"kind"`  // cause
	Cause int               `json:"cause"` // the number that findings have
	Code  compare.CauseKind `json:"code"`
	*positionObject
	Message string       `json:"message"`
	Key     string       `json:"key"`
	Steps   []saidObject `json:"steps,omitempty"`
}

type findingObject struct {
	Kind  string       `json:"kind"` // finding
	Rule  compare.Rule `json:"rule"`
	Level string       `json:"level"`
	Key   string       `json:"key"`
	*positionObject
	EndCol  int           `json:"endCol,omitzero"`
	Subject string        `json:"subject"`
	Was     string        `json:"was,omitzero"`
	Is      string        `json:"is,omitzero"`
	Reason  *reasonObject `json:"reason,omitzero"`
	Promise *saidObject   `json:"promise,omitzero"`
	Cause   int           `json:"cause,omitzero"`
	Mend    string        `json:"fix,omitzero"`
	Builds  []string      `json:"builds,omitempty"`
}

// A saidObject is something that is said at a place.
type saidObject struct {
	*positionObject
	Text string `json:"text"`
}
