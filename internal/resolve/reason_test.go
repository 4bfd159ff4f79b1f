package resolve

import (
	"testing"

	"github.com/inlinelens/inlinelens/internal/gc"
	"github.com/inlinelens/inlinelens/internal/inline"
)

func TestReasonOf(t *testing.T) {
	for _, test := range []struct {
		remark gc.Remark
		code   inline.ReasonCode
		op     string
	}{
		{gc.Remark{Cost: 355, Budget: 80, Text: "function too complex: cost 355 exceeds budget 80"}, inline.CodeTooExpensive, ""},
		{gc.Remark{Text: "marked go:noinline"}, inline.CodeNoinlineDirective, ""},
		{gc.Remark{Text: "marked go:cgo_unsafe_args"}, inline.CodeNoinlineDirective, ""},
		{gc.Remark{Text: "marked as having a keep-alive uintptr argument"}, inline.CodeNoinlineDirective, ""},
		{gc.Remark{Text: "marked go:norace with -race compilation"}, inline.CodeRaceBuild, ""},
		{gc.Remark{Text: "no function body"}, inline.CodeNoBody, ""},
		{gc.Remark{Text: "unhandled op DEFER"}, inline.CodeUnhandledOp, "DEFER"},
		{gc.Remark{Text: "unhandled op SELECT"}, inline.CodeUnhandledOp, "SELECT"},
		{gc.Remark{Text: "call to recover"}, inline.CodeUnhandledOp, "RECOVER"},
		{gc.Remark{Text: "defer call in range func"}, inline.CodeUnhandledOp, "DEFER"},
		{gc.Remark{Text: "recursive"}, inline.CodeRecursive, ""},
		{gc.Remark{Text: "call to GetCallerPC"}, inline.CodeOther, ""},
		{gc.Remark{Text: "something that a later release says"}, inline.CodeOther, ""},
	} {
		got := reasonOf(test.remark)
		if got.Code != test.code || got.Op != test.op || got.Message == "" {
			t.Errorf("%q: %+v, want %s %s", test.remark.Text, got, test.code, test.op)
		}
	}
}
