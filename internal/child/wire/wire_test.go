package wire

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"

	"github.com/mapstress/mapstress/history"
	"github.com/mapstress/mapstress/oracle"
	"github.com/mapstress/mapstress/scheduler"
)

func TestRoundTrip(t *testing.T) {
	var b bytes.Buffer
	sent := []Frame{
		{Hello: &Hello{GoVersion: "go1.23.0", CPUs: 2, Journal: true}},
		{ID: 7, Failure: &Failure{Verdict: oracle.Verdict{Class: oracle.SilentCorruption, Rule: "lost-key"}, History: "w0 load\n", Run: 3}},
		{ID: 7, Look: &Look{Stacks: "goroutine 1 [running]:\n", Cut: true}},
		{ID: 7, Done: &Done{Tally: Tally{Runs: 5, Failed: 1}, Seen: history.Seen{1: 7}, Counts: map[string]uint64{"a|b": 1}, Growth: scheduler.Growth{Boundaries: history.Boundaries{Up: []int{8, 14}, Down: []int{3}}, Inserts: []uint64{0, 48}, Deletes: []uint64{0, 0, 16}}}},
		{ID: 8, Error: "no such thing"},
	}
	for _, f := range sent {
		if err := Write(&b, f); err != nil {
			t.Fatal(err)
		}
	}
	r := bufio.NewReader(&b)
	for i, want := range sent {
		var got Frame
		if err := Read(r, &got); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("frame %d: got %+v, %v; want %+v", i, got, err, want)
		}
	}
	if err := Read(r, new(Frame)); err != io.EOF {
		t.Errorf("at the end: %v", err)
	}
}

func TestReadGarbage(t *testing.T) {
	for _, c := range []struct{ name, bytes, want string }{
		{"nothing", "", "EOF"},
		{"half a length", "\x00\x00", "unexpected EOF"},
		{"no body", "\x00\x00\x00\x02", "frame of 2 bytes is cut short after 0: unexpected EOF"},
		{"half a body", "\x00\x00\x00\x05{\"I", "frame of 5 bytes is cut short after 3: unexpected EOF"},
		{"text", "hello from the map\n", `garbage where a frame should be: "hello from the map\n"`},
		{"long text", strings.Repeat("x", 200), `garbage where a frame should be: "` + strings.Repeat("x", 4+quoted) + `"`},
		{"one byte too large", "\x04\x00\x00\x01", `garbage where a frame should be: "\x04\x00\x00\x01"`},
		{"no JSON", "\x00\x00\x00\x03abc", `garbage in a frame of 3 bytes: invalid character 'a' looking for beginning of value: "abc"`},
		{"other JSON", "\x00\x00\x00\x021 ", `garbage in a frame of 2 bytes: json: cannot unmarshal number into Go value of type wire.Frame: "1 "`},
		{"empty", "\x00\x00\x00\x00", `garbage in a frame of 0 bytes: unexpected end of JSON input: ""`},
	} {
		err := Read(bufio.NewReader(strings.NewReader(c.bytes)), new(Frame))
		if err == nil || err.Error() != c.want {
			t.Errorf("%s: got %v, want %s", c.name, err, c.want)
		}
		if cut := strings.Contains(c.want, "unexpected EOF"); cut != errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("%s: errors.Is(%v, io.ErrUnexpectedEOF) = %v", c.name, err, !cut)
		}
	}
}

func TestWriteTooLarge(t *testing.T) {
	if testing.Short() {
		t.Skip("megabytes, in one goroutine")
	}
	var b bytes.Buffer
	if err := Write(&b, Frame{Error: strings.Repeat("x", MaxFrame)}); err == nil || b.Len() > 0 {
		t.Errorf("wrote %d bytes, %v", b.Len(), err)
	}
	if err := Write(&b, make(chan int)); err == nil || b.Len() > 0 {
		t.Errorf("wrote %d bytes, %v", b.Len(), err)
	}
}

// A frame is one write, so that several goroutines can send.
func TestOneWrite(t *testing.T) {
	var w countingWriter
	if err := Write(&w, Frame{Error: strings.Repeat("x", 1<<20)}); err != nil || w != 1 {
		t.Errorf("%d writes, %v", w, err)
	}
}

type countingWriter int

func (w *countingWriter) Write(b []byte) (int, error) {
	*w++
	return len(b), nil
}

// Whatever comes is a frame, which can be sent again, or an error; and what
// follows a frame is not touched.
func FuzzRead(f *testing.F) {
	for _, s := range []string{"", "\x00\x00\x00\x02{}", "\x00\x00\x00\x08{\"ID\":1}rest", "garbage", "\x03\xff\xff\xff{"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		r := bufio.NewReader(bytes.NewReader(b))
		var got Frame
		if err := Read(r, &got); err != nil {
			return
		}
		rest, _ := io.ReadAll(r)
		if !bytes.HasSuffix(b, rest) || len(rest) > len(b)-4 {
			t.Fatalf("%q is left of %q", rest, b)
		}
		var again bytes.Buffer
		if err := Write(&again, got); err != nil {
			t.Fatal(err)
		}
		var same Frame
		if err := Read(bufio.NewReader(&again), &same); err != nil || !reflect.DeepEqual(same, got) {
			t.Fatalf("got %+v, %v; want %+v", same, err, got)
		}
	})
}
