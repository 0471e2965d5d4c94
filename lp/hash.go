package lp

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash"
	"math"
)

// Hash returns the SHA-256, in hex, of everything a solver would see: offset,
// costs, bounds, A, Q, integrality. Numbers are little-endian, -0 counts as 0,
// each array is preceded by its length. Names and Negated are not included;
// an absent Q or Integer hashes as one without entries.
func (p *Problem) Hash() string {
	w := hashWriter{h: sha256.New(), buf: make([]byte, 0, 1<<15)}
	w.h.Write([]byte("busbar lp 1\n"))
	w.floats([]float64{p.Offset})
	w.floats(p.Cost)
	w.floats(p.ColLower)
	w.floats(p.ColUpper)
	w.floats(p.RowLower)
	w.floats(p.RowUpper)
	w.starts(p.Start)
	w.indices(p.Index)
	w.floats(p.Value)
	if p.IsQP() {
		w.starts(p.QStart)
		w.indices(p.QIndex)
		w.floats(p.QValue)
	}
	if p.IsMIP() {
		w.length(len(p.Integer))
		for _, b := range p.Integer {
			v := byte(0)
			if b {
				v = 1
			}
			w.buf = append(w.buf, v)
			w.spill()
		}
	}
	w.flush()
	return hex.EncodeToString(w.h.Sum(nil))
}

type hashWriter struct {
	h   hash.Hash
	buf []byte
}

func (w *hashWriter) flush() {
	w.h.Write(w.buf)
	w.buf = w.buf[:0]
}

func (w *hashWriter) spill() {
	if len(w.buf) > cap(w.buf)-8 {
		w.flush()
	}
}

func (w *hashWriter) length(n int) {
	w.buf = binary.LittleEndian.AppendUint64(w.buf, uint64(n))
	w.spill()
}

func (w *hashWriter) floats(a []float64) {
	w.length(len(a))
	for _, v := range a {
		// v + 0 turns -0 into 0.
		w.buf = binary.LittleEndian.AppendUint64(w.buf, math.Float64bits(v+0))
		w.spill()
	}
}

func (w *hashWriter) starts(a []int64) {
	w.length(len(a))
	for _, v := range a {
		w.buf = binary.LittleEndian.AppendUint64(w.buf, uint64(v))
		w.spill()
	}
}

func (w *hashWriter) indices(a []int32) {
	w.length(len(a))
	for _, v := range a {
		w.buf = binary.LittleEndian.AppendUint32(w.buf, uint32(v))
		w.spill()
	}
}
