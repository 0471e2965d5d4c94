package workspace

import (
	"bytes"
	"unicode/utf8"

	"example.org/busbar/internal/attribute"
)

// cleanText returns a file's text with \n as the only line end and without a
// byte order mark, or says which of its bytes are no text.
func cleanText(file string, data []byte) ([]byte, *attribute.Problem) {
	at := attribute.Pos{File: file, Line: 1, Col: 1}
	if bytes.HasPrefix(data, []byte{0xFF, 0xFE}) || bytes.HasPrefix(data, []byte{0xFE, 0xFF}) {
		bad := newProblem(at, "not-utf8", "%s is UTF-16; save it as UTF-8", file)
		return nil, &bad
	}
	data = bytes.TrimPrefix(data, []byte("\xEF\xBB\xBF"))
	if bytes.IndexByte(data, '\r') >= 0 {
		data = bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n"))
		data = bytes.ReplaceAll(data, []byte("\r"), []byte("\n"))
	}
	line, col := 1, 1
	for i := 0; i < len(data); {
		c := data[i]
		if c == '\n' {
			line, col, i = line+1, 1, i+1
			continue
		}
		n := 1
		if c >= utf8.RuneSelf {
			var r rune
			r, n = utf8.DecodeRune(data[i:])
			if r == utf8.RuneError && n == 1 {
				at.Line, at.Col = line, col
				bad := newProblem(at, "not-utf8", "byte %#02x is not UTF-8 text; save the file as UTF-8 (in Excel: CSV UTF-8)", c)
				return nil, &bad
			}
		} else if c < ' ' && c != '\t' || c == 0x7F {
			at.Line, at.Col = line, col
			bad := newProblem(at, "control-character", "character %#02x can't stand in a text file; is this a file of another kind?", c)
			return nil, &bad
		}
		i += n
		col++
	}
	return data, nil
}
