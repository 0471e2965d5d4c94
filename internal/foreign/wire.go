package foreign

import (
	"bufio"
	"encoding/gob"
	"io"
	"unsafe"
)

// Both ends of a pipe are the same program on the same machine: messages go as
// gob, and arrays after them as memory has them.

// Writer is one direction's beginning. Flush it when a message is complete.
type Writer struct {
	*bufio.Writer
	enc *gob.Encoder
}

// NewWriter writes to a pipe.
func NewWriter(w io.Writer) *Writer {
	b := bufio.NewWriterSize(w, 1<<16)
	return &Writer{b, gob.NewEncoder(b)}
}

// Encode writes a message.
func (w *Writer) Encode(message any) error { return w.enc.Encode(message) }

// Reader is one direction's end.
type Reader struct {
	*bufio.Reader
	dec *gob.Decoder
}

// NewReader reads from a pipe.
func NewReader(r io.Reader) *Reader {
	// The decoder reads no further than its message from a ByteReader.
	b := bufio.NewReaderSize(r, 1<<16)
	return &Reader{b, gob.NewDecoder(b)}
}

// Decode reads a message.
func (r *Reader) Decode(into any) error { return r.dec.Decode(into) }

// Array is what goes as memory has it.
type Array interface{ float64 | int32 | int64 | bool }

// WriteArray writes an array.
func WriteArray[T Array](w *Writer, a []T) error {
	_, err := w.Write(raw(a))
	return err
}

// ReadArray fills an array.
func ReadArray[T Array](r *Reader, a []T) error {
	_, err := io.ReadFull(r, raw(a))
	return err
}

func raw[T any](a []T) []byte {
	if len(a) == 0 {
		return nil
	}
	return unsafe.Slice((*byte)(unsafe.Pointer(&a[0])), len(a)*int(unsafe.Sizeof(a[0])))
}

// Text copies a C string; of none it is "".
func Text(p *byte) string {
	if p == nil {
		return ""
	}
	n := 0
	for *(*byte)(unsafe.Add(unsafe.Pointer(p), n)) != 0 {
		n++
	}
	return string(unsafe.Slice(p, n))
}
