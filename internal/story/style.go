package story

// A Style paints words, or leaves them alone.
type Style bool

func (s Style) paint(code, text string) string {
	if !s {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

func (s Style) Bad(text string) string  { return s.paint("1;31", text) }
func (s Style) Good(text string) string { return s.paint("32", text) }
func (s Style) Bold(text string) string { return s.paint("1", text) }
