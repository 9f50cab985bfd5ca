package target

import "fmt"

// A Record is a big value as programs have them: what it begins with says whether there is
// a pointer where it ends. A program follows the pointer where there should be one. In a
// torn record there may be none, and following it faults.
type Record struct {
	Code uint64
	Body [254]uint64 // the code throughout
	Next *Cell       // the code's, in records of an odd code; nil in the others
}

// Records is the codec of Records, of 2 KiB. Decoding a torn one may fault.
func Records() Codec[Record] {
	var a arena
	return Codec[Record]{
		Name:     "record",
		Costly:   true,
		Encode:   a.record,
		Decode:   decodeRecord,
		Describe: a.describeRecord,
	}
}

func isLinked(code uint64) bool { return code%2 == 1 }

func (a *arena) record(code uint64) (r Record) {
	r.Code = code
	for i := range r.Body {
		r.Body[i] = code
	}
	if isLinked(code) {
		r.Next = a.cell(code)
	}
	return r
}

func decodeRecord(r Record) (uint64, bool) {
	if isLinked(r.Code) {
		if r.Next.code != r.Code {
			return 0, false
		}
	} else if r.Next != nil {
		return 0, false
	}
	for _, code := range r.Body {
		if code != r.Code {
			return 0, false
		}
	}
	return r.Code, r.Code <= maxCode
}

// describeRecord tells whose the words are, and where the pointer leads, if anywhere.
func (a *arena) describeRecord(r Record, letter byte) string {
	words := append([]int{int(r.Code)}, make([]int, len(r.Body))...)
	for i, code := range r.Body {
		words[i+1] = int(code)
	}
	text := "a record with " + describeWords(words, letter)
	switch code, ok := a.decode(r.Next); {
	case r.Next == nil:
		return text + ", and no pointer at its end"
	case ok:
		return text + fmt.Sprintf(", and a pointer to the cell of %c%d at its end", letter, code)
	}
	return text + ", and at its end " + a.describe(r.Next, letter)
}
