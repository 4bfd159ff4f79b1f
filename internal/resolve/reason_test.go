package resolve

import (
	"testing"

	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/remark"
)

func TestReasonOf(t *testing.T) {
	for _, test := range []struct {
		remark remark.Remark
		code   inline.ReasonCode
		op     string
	}{
		{remark.Remark{Cost: 355, Budget: 80, Text: "function too complex: cost 355 exceeds budget 80"}, inline.CodeTooExpensive, ""},
		{remark.Remark{Text: "marked go:noinline"}, inline.CodeNoinlineDirective, ""},
		{remark.Remark{Text: "marked go:cgo_unsafe_args"}, inline.CodeNoinlineDirective, ""},
		{remark.Remark{Text: "marked as having a keep-alive uintptr argument"}, inline.CodeNoinlineDirective, ""},
		{remark.Remark{Text: "marked go:norace with -race compilation"}, inline.CodeRaceBuild, ""},
		{remark.Remark{Text: "no function body"}, inline.CodeNoBody, ""},
		{remark.Remark{Text: "unhandled op DEFER"}, inline.CodeUnhandledOp, "DEFER"},
		{remark.Remark{Text: "unhandled op SELECT"}, inline.CodeUnhandledOp, "SELECT"},
		{remark.Remark{Text: "call to recover"}, inline.CodeUnhandledOp, "RECOVER"},
		{remark.Remark{Text: "defer call in range func"}, inline.CodeUnhandledOp, "DEFER"},
		{remark.Remark{Text: "recursive"}, inline.CodeRecursive, ""},
		{remark.Remark{Text: "call to GetCallerPC"}, inline.CodeOther, ""},
		{remark.Remark{Text: "something that a later release says"}, inline.CodeOther, ""},
	} {
		got := reasonOf(test.remark)
		if got.Code != test.code || got.Op != test.op || got.Message == "" {
			t.Errorf("%q: %+v, want %s %s", test.remark.Text, got, test.code, test.op)
		}
	}
}
