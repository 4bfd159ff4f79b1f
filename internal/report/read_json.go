package report

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/go-json-experiment/json"

	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/regular"
)

// ReadJSON reads the packages of a file that "report -format json" wrote. Calls of inlined
// bodies are left out, and files are named as the report names them.
func ReadJSON(file string) ([]*inline.Package, error) {
	f, err := regular.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	r := &jsonReader{}
	in := bufio.NewReaderSize(f, 1<<16)
	for number := 1; ; number++ {
		line, err := in.ReadBytes('\n')
		if len(bytes.TrimSpace(line)) > 0 {
			if wrong := r.line(line); wrong != nil {
				return nil, fmt.Errorf("line %d: %w", number, wrong)
			}
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
	}
	if len(r.packages) == 0 {
		return nil, errors.New("it has no packages; write it with \"inlinelens report -format json\"")
	}
	return r.packages, nil
}

type jsonReader struct {
	packages []*inline.Package
}

// line reads one object. Kinds that have no verdict are skipped.
func (r *jsonReader) line(text []byte) error {
	var kind struct {
		Kind string `json:"kind"`
	}
	if err := json.Unmarshal(text, &kind); err != nil {
		return fmt.Errorf("it is not an output of \"inlinelens report -format json\": %w", err)
	}
	if kind.Kind == "package" {
		var o readPackage
		if err := json.Unmarshal(text, &o); err != nil {
			return err
		}
		if o.Schema != Schema {
			return fmt.Errorf("its schema has the version %d, and this inlinelens reads %d", o.Schema, Schema)
		}
		r.packages = append(r.packages, o.asPackage())
		return nil
	}
	if kind.Kind != "function" && kind.Kind != "call" {
		return nil
	}
	if len(r.packages) == 0 {
		return errors.New("a function or call comes before its package")
	}
	p := r.packages[len(r.packages)-1]
	if kind.Kind == "function" {
		var o readFunction
		if err := json.Unmarshal(text, &o); err != nil {
			return err
		}
		p.Functions = append(p.Functions, o.asFunction())
		if strings.HasPrefix(o.Name, "main.") {
			p.Name = "main"
		}
		return nil
	}
	var o readCall
	if err := json.Unmarshal(text, &o); err != nil {
		return err
	}
	c, err := o.asCall()
	p.Calls = append(p.Calls, c)
	return err
}

// The objects as they are read: a field that may be left out is zero then.
type (
	readPackage struct {
		Schema   int         `json:"schema"`
		Path     string      `json:"path"`
		Variant  string      `json:"variant"`
		Go       string      `json:"go"`
		GOOS     string      `json:"goos"`
		GOARCH   string      `json:"goarch"`
		Errors   []readError `json:"errors"`
		Problems int         `json:"problems"`
	}
	readError struct {
		positionObject
		Message string `json:"message"`
	}
	readFunction struct {
		positionObject
		readInstance
		Name      string         `json:"name"`
		Unknown   bool           `json:"unknown"`
		Hot       bool           `json:"hot"`
		Probe     bool           `json:"probe"`
		Tested    bool           `json:"tested"`
		Instances []readInstance `json:"instances"`
	}
	// A readInstance is one of a function or of a call.
	readInstance struct {
		TypeArgs  []string      `json:"typeargs"`
		Shape     string        `json:"shape"`
		Inlinable bool          `json:"inlinable"`
		Callee    string        `json:"callee"`
		Status    string        `json:"status"`
		Reason    *reasonObject `json:"reason"`
		costAndBudget
	}
	readCall struct {
		positionObject
		readInstance
		Caller        string          `json:"caller"`
		Via           string          `json:"via"`
		Declared      *positionObject `json:"declared"`
		Devirtualized string          `json:"devirtualized"`
		Wrapped       bool            `json:"wrapped"`
		Hot           bool            `json:"hot"`
		Instances     []readInstance  `json:"instances"`
	}
)

func (o *readPackage) asPackage() *inline.Package {
	p := &inline.Package{Path: o.Path, Variant: o.Variant, Go: o.Go, GOOS: o.GOOS, GOARCH: o.GOARCH}
	for _, e := range o.Errors {
		p.Errors = append(p.Errors, inline.Error{Pos: e.asPosition(), Message: e.Message})
	}
	for range o.Problems {
		p.Problems = append(p.Problems, inline.Problem{Text: "the report does not have it"})
	}
	return p
}

func (o *positionObject) asPosition() inline.Position {
	if o == nil {
		return inline.Position{}
	}
	return inline.Position{File: o.File, Line: o.Line, Col: o.Col}
}

func (o *reasonObject) asReason() *inline.Reason {
	if o == nil {
		return nil
	}
	return &inline.Reason{Code: o.Code, Op: o.Op, Message: o.Message, At: o.At.asPosition()}
}

func (o *readFunction) asFunction() inline.Function {
	f := inline.Function{
		Name: o.Name, Pos: o.asPosition(), Known: !o.Unknown, Inlinable: o.Inlinable, Cost: o.Cost, Budget: o.Budget,
		Reason: o.Reason.asReason(), Hot: o.Hot, Probe: o.Probe, Tested: o.Tested,
	}
	for _, in := range o.Instances {
		f.Instances = append(f.Instances, inline.FunctionInstance{
			TypeArgs: in.TypeArgs, Shape: in.Shape, Inlinable: in.Inlinable, Cost: in.Cost, Budget: in.Budget, Reason: in.Reason.asReason(),
		})
	}
	return f
}

func (o *readCall) asCall() (inline.Call, error) {
	status, err := inline.ParseStatus(o.Status)
	c := inline.Call{
		Pos: o.asPosition(), Caller: o.Caller, Callee: o.Callee, CalleePos: o.Declared.asPosition(), Status: status,
		Cost: o.Cost, Budget: o.Budget, Reason: o.Reason.asReason(), Via: o.Via, Devirtualized: o.Devirtualized, Wrapped: o.Wrapped, Hot: o.Hot,
	}
	for _, in := range o.Instances {
		s, wrong := inline.ParseStatus(in.Status)
		err = errors.Join(err, wrong)
		c.Instances = append(c.Instances, inline.CallInstance{
			TypeArgs: in.TypeArgs, Shape: in.Shape, Callee: in.Callee, Status: s, Cost: in.Cost, Budget: in.Budget, Reason: in.Reason.asReason(),
		})
	}
	return c, err
}
