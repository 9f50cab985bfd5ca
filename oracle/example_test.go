package oracle_test

import (
	"fmt"
	"strings"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/oracle"
)

// A history that somebody recorded, in the text form.
func ExampleJudge() {
	h, err := history.ParseText(`
w0 [10..40] store k1 v7
w1 [20..30] load k1 -> v7
w0 [51..60] load k1 -> absent
`)
	if err != nil {
		fmt.Println(err)
		return
	}
	var judge oracle.Judge
	verdict := judge.Judge(h)
	fmt.Println(verdict.Class, verdict.Rule)
	fmt.Println(verdict.Detail)
	for _, i := range verdict.Events {
		fmt.Println(&h.Events[i])
	}
	// Output:
	// silent-corruption lost-key
	// k1 read absent by w0, though store k1 v7 had completed
	// w0 store k1 v7
	// w0 load k1 -> absent
}

// A map whose documentation allows Len to be out of date.
func ExampleParseContract() {
	h, _, err := history.ReadJSON(strings.NewReader(`
{"op":"prefill","key":"a","value":1}
{"op":"store","worker":0,"call":1,"return":9,"key":"b","value":2}
{"op":"delete","worker":1,"call":1,"return":9,"key":"a"}
{"op":"len","worker":2,"call":2,"return":3,"out":0}
{"op":"len","worker":2,"call":4,"return":5,"out":2}
{"op":"len","worker":2,"call":6,"return":7,"out":0}
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	contract, err := oracle.ParseContract("len=bounds")
	if err != nil {
		fmt.Println(err)
		return
	}
	judge := oracle.Judge{Contract: contract}
	fmt.Println(judge.Judge(h).Class)
	// Output: clean
}
