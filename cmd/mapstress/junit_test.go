package main

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// countElements reads XML to its end, and counts the elements by name.
func countElements(text string) (map[string]int, error) {
	elements := map[string]int{}
	for d := xml.NewDecoder(strings.NewReader(text)); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return elements, nil
		}
		if err != nil {
			return nil, err
		}
		if start, ok := token.(xml.StartElement); ok {
			elements[start.Name.Local]++
		}
	}
}

func junitFile(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 {
		ts.Fatalf("usage: junit FILE OUTCOME...")
	}
	elements, err := countElements(ts.ReadFile(args[0]))
	ts.Check(err)
	for _, want := range append([]string{"testsuites", "testsuite", "testcase"}, args[1:]...) {
		if elements[want] == 0 {
			ts.Fatalf("no <%s> in %s, which has %v", want, args[0], elements)
		}
	}
}
