package visual

import (
	"bytes"
	"strings"
	"testing"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/oracle"
)

func TestWrite(t *testing.T) {
	h, err := history.ParseText(`prefill k2=v2
w0 [1..9] store k1 v7
w1 [2..3] load k1 -> v7
w1 [4..5] clear
w2 [6..7] load k2 -> absent
w1 [10..] delete k1
rest load k1 -> absent
rest load k2 -> absent
`)
	if err != nil {
		t.Fatal(err)
	}
	var j oracle.Judge
	var page bytes.Buffer
	if err := Write(&page, &j, h, 1); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"<html", "w0 store k1 v7", "w1 load k1 -\\u003e v7", "w1 clear", "w1 delete k1", "at rest absent"} {
		if !strings.Contains(page.String(), want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if strings.Contains(page.String(), "load k2") {
		t.Error("the page has ops of another key")
	}
	if err := Write(&page, &j, h, 9); err == nil || err.Error() != "0 ops concern k9; want 1 to 400 to draw" {
		t.Errorf("of a key that nobody used: %v", err)
	}
}
