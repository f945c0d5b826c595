package tagset

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"runtime"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/tagroar/tagroar/internal/battery"
)

// aheadStore has tags of all forms, and more than one load of them; some in more
// frames than a load has room for.
func aheadStore(t *testing.T, c Config) *Store {
	s, err := New(c)
	require.NoError(t, err)
	r := rand.New(rand.NewPCG(2, 3))
	_, err = s.Update(func(tx *Tx) error {
		for i := range 2500 {
			if _, err := tx.CreateTag(Tag{Name: fmt.Sprintf("t%04d", i), KeepTimes: i%500 == 1}); err != nil {
				return err
			}
			n := 1 + r.IntN(5)
			if i%250 == 0 {
				n = 50_000
			}
			var ms []Member
			for range n {
				at := Member(r.IntN(400_000))
				ms = append(ms, at, at+1)
			}
			if _, err := tx.Add(fmt.Sprintf("t%04d", i), ms...); err != nil {
				return err
			}
		}
		if _, err := tx.Intern("a", "b", "c"); err != nil {
			return err
		}
		if err := tx.CreateAttribute("n", Int); err != nil {
			return err
		}
		for m := range Member(3000) {
			if err := tx.Enroll(m); err != nil {
				return err
			}
			if err := tx.SetInt("n", m, int64(m)*1000); err != nil {
				return err
			}
		}
		return nil
	})
	require.NoError(t, err)
	return s
}

// widths are those of one processor and of several, from the first frame on and from
// somewhere in the middle.
var widths = []width{{1, 0}, {2, 0}, {4, 0}, {3, 200_000}}

func written(t *testing.T, s *Store) []byte {
	var out bytes.Buffer
	_, err := s.View().WriteTo(&out)
	require.NoError(t, err)
	return out.Bytes()
}

// readBy restores p by a width.
func readBy(in io.Reader, c Config, w width) (*state, error) { return readState(in, c, w) }

// TestRestoreAhead: by any width comes the same store.
func TestRestoreAhead(t *testing.T) {
	for _, c := range []Config{{}, {Keys: Keyring{1: bytes.Repeat([]byte{7}, 32)}}} {
		s := aheadStore(t, c)
		p := written(t, s)
		for _, w := range widths {
			for _, in := range []io.Reader{bytes.NewReader(p), iotest.HalfReader(bytes.NewReader(p)), iotest.DataErrReader(bytes.NewReader(p))} {
				st, err := readBy(in, c, w)
				require.NoError(t, err, "%+v", w)
				require.Equal(t, s.View().Digest(), (&View{state: st}).Digest())
				require.NoError(t, newStore(Config{}, st).Check())
			}
		}
	}
}

// TestRestoreAheadTellsTheSame: what is wrong with a stream is told in the same words by
// any width: the first that is, in the order of the stream.
func TestRestoreAheadTellsTheSame(t *testing.T) {
	const seed = 11
	r := rand.New(rand.NewPCG(seed, seed))
	cases := 150
	if battery.Raced {
		cases = 60
	}
	for _, c := range []Config{{}, {Keys: Keyring{1: bytes.Repeat([]byte{7}, 32)}}} {
		good := written(t, aheadStore(t, c))
		broken := errors.New("cable pulled")
		for i := range cases {
			p := bytes.Clone(good)
			end := func() io.Reader { return bytes.NewReader(nil) }
			for range 1 + r.IntN(3) {
				p[r.IntN(len(p))] ^= 1 << r.IntN(8)
			}
			switch i % 4 {
			case 0:
				p = p[:r.IntN(len(p))]
			case 1:
				p = p[:r.IntN(len(p))]
				end = func() io.Reader { return iotest.ErrReader(broken) }
			case 2:
				end = func() io.Reader { return bytes.NewReader([]byte{1}) }
			}
			_, want := readBy(io.MultiReader(bytes.NewReader(p), end()), c, width{})
			require.Error(t, want)
			for _, w := range widths {
				_, err := readBy(io.MultiReader(bytes.NewReader(p), end()), c, w)
				require.EqualError(t, err, want.Error(), "seed %d, case %d, %+v", seed, i, w)
				for _, is := range []error{ErrCorrupt, ErrTorn, ErrKey, ErrSpliced, broken, io.ErrUnexpectedEOF} {
					require.Equal(t, errors.Is(want, is), errors.Is(err, is), "%v: %v", is, err)
				}
			}
		}
	}
}

// TestRestoreAheadOfForgeries: frames that are sound by their sums, but not what they
// should be.
func TestRestoreAheadOfForgeries(t *testing.T) {
	for _, set := range []struct {
		base  *Store
		bombs []bomb
	}{{bombBase(t), plainBombs()}, {taxonomyBase(t), taxonomyBombs}, {lineageBase(t), lineageBombs}, {valueBase(t), valueBombs}} {
		p := written(t, set.base)
		for _, b := range set.bombs {
			f := dissect(t, p)
			b.change(f)
			bad := f.seal()
			_, want := readBy(bytes.NewReader(bad), Config{}, width{})
			require.Error(t, want, b.name)
			for _, w := range widths {
				_, err := readBy(bytes.NewReader(bad), Config{}, w)
				require.EqualError(t, err, want.Error(), "%s, %+v", b.name, w)
			}
		}
	}
}

func plainBombs() (all []bomb) {
	for _, b := range bombs {
		all = append(all, b)
	}
	return all
}

// TestRestoreAheadLeavesNothing: no goroutine outlives a call, however it ended.
func TestRestoreAheadLeavesNothing(t *testing.T) {
	p := written(t, aheadStore(t, Config{}))
	before := runtime.NumGoroutine()
	for at := 200; at < len(p); at += len(p) / 40 {
		bad := bytes.Clone(p)
		bad[at] ^= 1
		_, err := readBy(bytes.NewReader(bad), Config{}, width{4, 0})
		require.ErrorIs(t, err, ErrCorrupt)
	}
	for range 3 {
		_, err := readBy(bytes.NewReader(p), Config{}, width{4, 0})
		require.NoError(t, err)
	}
	for range 100 { // those of other tests may be ending
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	require.LessOrEqual(t, runtime.NumGoroutine(), before)
}

// bursting panics in the middle.
type bursting struct {
	io.Reader
	left int
}

func (b *bursting) Read(p []byte) (int, error) {
	if b.left--; b.left < 0 {
		panic(io.ErrClosedPipe)
	}
	return b.Reader.Read(p[:min(len(p), 20_000)])
}

// TestRestoreAheadPanics: a panic of the reader is the caller's.
func TestRestoreAheadPanics(t *testing.T) {
	p := written(t, aheadStore(t, Config{}))
	for _, w := range widths {
		func() {
			defer func() {
				err, _ := recover().(error)
				require.ErrorIs(t, err, io.ErrClosedPipe, "%+v", w)
			}()
			_, _ = readBy(&bursting{bytes.NewReader(p), 20}, Config{}, w)
			t.Fatal("no panic")
		}()
	}
	_, err := readBy(bytes.NewReader(p), Config{}, width{4, 0})
	require.NoError(t, err)
}

// lazy gives nothing, and no error, once left bytes are read.
type lazy struct {
	io.Reader
	left int
}

func (l *lazy) Read(p []byte) (int, error) {
	n, err := l.Reader.Read(p[:min(len(p), l.left)])
	l.left -= n
	return n, err
}

// TestRestoreOfNothing: a reader that gives nothing for ever is given up, wherever it
// begins to.
func TestRestoreOfNothing(t *testing.T) {
	for _, c := range []Config{{}, {Keys: Keyring{1: bytes.Repeat([]byte{7}, 32)}}} {
		p := written(t, aheadStore(t, c))
		for _, left := range []int{0, 5, 8, 50, len(p) / 2} {
			for _, w := range widths {
				_, err := readBy(&lazy{bytes.NewReader(p), left}, c, w)
				require.ErrorIs(t, err, io.ErrNoProgress, "after %d bytes", left)
			}
		}
	}
}
