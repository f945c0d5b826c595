//go:build battery

package seal_test

import (
	"bytes"
	"crypto/rand"
	"errors"
	"iter"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/internal/battery"
	"github.com/tagroar/tagroar/internal/seal"
	"github.com/tagroar/tagroar/internal/seal/sealtest"
)

// Every bit and every length of the larger sample is tried.
const (
	flipStep = 1
	cutStep  = 1
)

// TestBatteryTampering is point 12 of the battery: streams of 3 to 20 chunks with
// chunks swapped, dropped, doubled, reordered and spliced, as they are and under
// heads put right, and all near keys; frames of a log in each other's place.
func TestBatteryTampering(t *testing.T) {
	began := time.Now()
	r := battery.Result{Point: 12, Name: "encryption"}
	defer func() {
		r.Of, r.Took = r.Size, time.Since(began)
		battery.Record(t, r)
	}()
	count := func(ok bool, format string, args ...any) {
		if r.Size++; !ok {
			r.Losses++
			t.Errorf(format, args...)
		}
	}
	tell := func(want []byte, cases iter.Seq[sealtest.Case]) {
		for c := range cases {
			got, err := opened(bytes.NewReader(c.Bytes))
			ok := bytes.HasPrefix(want, got)
			for _, kind := range told {
				ok = ok && errors.Is(err, kind) == (kind == c.Want)
			}
			count(ok, "%s: %v, where %v should be; %d bytes handed out", c.Name, err, c.Want, len(got))
		}
	}
	for chunks := 3; chunks <= 20; chunks++ {
		for _, last := range []int{1, 1000, chunk} {
			want := content((chunks-1)*chunk + last)
			p, other := sealed(t, want), sealed(t, want)
			tell(want, sealtest.Rearrangements(p, other))
			tell(want, sealtest.Forgeries(p, other))
			tell(want, sealtest.Extensions(p))
		}
	}
	p := sealed(t, content(1000))
	frames, lock, err := seal.NewFrames(keys(3), rand.Reader, purpose)
	require.NoError(t, err)
	for _, k := range nearKeys() {
		_, err := seal.NewReader(bytes.NewReader(p), k, stream.Kind)
		count(errors.Is(err, seal.ErrKey) && !errors.Is(err, seal.ErrTampered), "wrong key of a stream: %v", err)
		_, err = seal.OpenFrames(k, lock, purpose)
		count(errors.Is(err, seal.ErrKey) && !errors.Is(err, seal.ErrTampered), "wrong key of frames: %v", err)
	}
	const places = 64
	var log [places][]byte
	for i := range log {
		log[i] = frames.Seal(nil, []byte{byte(i)}, content(100))
	}
	for i := range log {
		for j := range log {
			_, err := frames.Open(nil, []byte{byte(j)}, log[i])
			count((err == nil) == (i == j) && (i == j || errors.Is(err, seal.ErrTampered)), "frame %d at place %d: %v", i, j, err)
		}
	}
}

// nearKeys are keys that differ from key 3 in one bit, in length, or only in id.
func nearKeys() (near []seal.Keys) {
	_, right, _ := keys(3).Current()
	for bit := range 256 {
		key := bytes.Clone(right)
		key[bit/8] ^= 1 << (bit % 8)
		near = append(near, fixedKey{3, key})
	}
	for n := range 65 {
		if n != len(right) {
			near = append(near, fixedKey{3, append(bytes.Clone(right), make([]byte, 33)...)[:n]})
		}
	}
	for id := range uint32(3) {
		near = append(near, fixedKey{id, right})
	}
	return near
}

// A fixedKey is a single key.
type fixedKey struct {
	id  uint32
	key []byte
}

func (k fixedKey) Current() (uint32, []byte, error) { return k.id, k.key, nil }

func (k fixedKey) Key(id uint32) ([]byte, error) {
	if id != k.id {
		return nil, errors.New("no such key")
	}
	return k.key, nil
}
