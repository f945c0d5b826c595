package tagset

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/internal/wire"
)

// loose reads p as header and frames, whatever the checksums, so that sealing
// it lets a fuzzer past them.
func loose(p []byte) (*forgery, bool) {
	if len(p) < headerLen {
		return nil, false
	}
	f := &forgery{header: bytes.Clone(p[:headerLen])}
	for p = p[headerLen:]; len(p) >= wire.HeadLen; {
		n := int(min(binary.LittleEndian.Uint32(p), uint32(len(p)-wire.HeadLen)))
		if p[4] != frameIndex && p[4] != frameEnd {
			f.frames = append(f.frames, forgedFrame{p[4], p[wire.HeadLen : wire.HeadLen+n]})
		}
		p = p[wire.HeadLen+n:]
	}
	return f, true
}

// FuzzRestore: a snapshot is refused, or gives a store that passes Check and
// survives being written and restored. Each input is tried as it is, and
// with its checksums put right.
func FuzzRestore(f *testing.F) {
	var out bytes.Buffer
	_, err := bombBase(f).View().WriteTo(&out)
	require.NoError(f, err)
	f.Add(out.Bytes())
	for _, b := range bombs {
		forged := dissect(f, out.Bytes())
		b.change(forged)
		if p := forged.seal(); len(p) < 4096 {
			f.Add(p)
		}
	}
	out.Reset()
	_, err = valueBase(f).View().WriteTo(&out)
	require.NoError(f, err)
	f.Add(out.Bytes())
	for _, b := range valueBombs {
		forged := dissect(f, out.Bytes())
		b.change(forged)
		if p := forged.seal(); len(p) < 4096 {
			f.Add(p)
		}
	}
	out.Reset()
	_, err = taxonomyBase(f).View().WriteTo(&out)
	require.NoError(f, err)
	f.Add(out.Bytes())
	for _, b := range taxonomyBombs {
		forged := dissect(f, out.Bytes())
		b.change(forged)
		if p := forged.seal(); len(p) < 4096 {
			f.Add(p)
		}
	}
	out.Reset()
	_, err = lineageBase(f).View().WriteTo(&out)
	require.NoError(f, err)
	f.Add(out.Bytes())
	for _, b := range lineageBombs {
		forged := dissect(f, out.Bytes())
		b.change(forged)
		if p := forged.seal(); len(p) < 4096 {
			f.Add(p)
		}
	}
	f.Fuzz(func(t *testing.T, p []byte) {
		try := func(p []byte) {
			s, err := Restore(bytes.NewReader(p), Config{})
			_, same := Restore(bufio.NewReaderSize(bytes.NewReader(p), 64), Config{})
			require.Equal(t, err, same)
			if err != nil {
				require.Nil(t, s)
				return
			}
			require.NoError(t, s.Check())
			var again bytes.Buffer
			_, err = s.View().WriteTo(&again)
			require.NoError(t, err)
			back, err := Restore(&again, Config{})
			require.NoError(t, err)
			require.Equal(t, s.View().Digest(), back.View().Digest())
			_, err = s.Update(func(tx *Tx) error { _, err := tx.CreateTag(Tag{Name: "x/y"}); return err })
			if err == nil {
				require.NoError(t, s.Check())
			}
		}
		try(p)
		if forged, ok := loose(p); ok {
			try(forged.seal())
		}
	})
}
