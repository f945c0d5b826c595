package tagset_test

import (
	"encoding/json"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tagroar/tagroar/tagset"
)

// TestKill kills a process that updates a store, again and again, and looks each time whether all is there that it had
// been told was: point 1 of the acceptance battery. The child reports the digest of each version before it commits it, so
// what is found is compared to the bit.
func TestKill(t *testing.T) {
	var k killer
	for _, seed := range []uint64{1, killShare + 1, 2*killShare + 1, 8} { // each level, and erasing
		for i := range uint64(6) {
			k.loop(t, seed+i)
		}
		k.forget(t)
	}
	t.Logf("%d acknowledged versions, %d in the last directory", k.acks, k.version)
}

// killShare is how many seeds in a row are about one directory, if they are asked for in a row.
const killShare = 24

// A killer knows what is in a directory.
type killer struct {
	order
	root    string
	version tagset.Version
	digest  [32]byte
	done    [killWriters]uint32         // updates of each writer in that version
	digests map[tagset.Version][32]byte // of versions since the last erasing
	acks    int
	erased  bool // Erase may have been cut short
}

// loop starts a child on the directory, kills it, and verifies what it left.
func (k *killer) loop(t *testing.T, seed uint64) {
	if k.root == "" || seed%killShare == 0 {
		k.forget(t)
		k.begin(t, seed)
	}
	k.Seed = seed
	rng := rand.New(rand.NewPCG(seed, 99))
	k.verify(t, k.kill(t, rng), rng)
}

// begin makes an empty directory, of a level that the seed says.
func (k *killer) begin(t *testing.T, seed uint64) {
	var err error
	k.root, err = os.MkdirTemp("", "tagroar-kill-")
	require.NoError(t, err)
	share := seed / killShare
	k.order = order{
		Dir:  filepath.Join(k.root, "store"),
		Sync: []tagset.Sync{tagset.SyncAlways, tagset.SyncInterval(2 * time.Millisecond), tagset.SyncOS}[share%3],
		Keys: share/3%2 == 1,
	}
	k.version, k.digest, k.done = 0, [32]byte{}, [killWriters]uint32{}
	k.digests = map[tagset.Version][32]byte{}
}

// forget removes the directory.
func (k *killer) forget(t *testing.T) {
	if k.root != "" {
		require.NoError(t, os.RemoveAll(k.root))
	}
	k.root = ""
}

// kill lets a child work until it has acknowledged some versions, or some time is over, whichever is first; it returns
// what the child had to say.
func (k *killer) kill(t *testing.T, rng *rand.Rand) (said []report) {
	text, err := json.Marshal(k.order)
	require.NoError(t, err)
	in, out, err := os.Pipe()
	require.NoError(t, err)
	defer in.Close()
	var complaints tailBuffer
	cmd := exec.Command(os.Args[0], "-test.run=^TestKillChild$", "-test.timeout=1m")
	cmd.Env = append(os.Environ(), orderName+"="+string(text))
	cmd.ExtraFiles = []*os.File{out}
	cmd.Stdout, cmd.Stderr = &complaints, &complaints
	require.NoError(t, cmd.Start())
	require.NoError(t, out.Close())
	defer cmd.Wait() // again, if this function ends early: harmless
	defer cmd.Process.Kill()

	acks, limit := 1+rng.IntN(60), time.Duration(rng.IntN(50_000))*time.Microsecond
	if rng.IntN(4) > 0 { // mostly by what was acknowledged
		limit = 10 * time.Second
	}
	timer := time.AfterFunc(limit, func() { cmd.Process.Kill() })
	defer timer.Stop()
	for {
		r, err := readReport(in)
		if err != nil {
			require.True(t, errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF), "%v", err)
			break
		}
		said = append(said, r)
		if r.Kind == reportAck {
			if acks--; acks == 0 {
				require.NoError(t, cmd.Process.Kill())
			}
		}
	}
	err = cmd.Wait()
	var exit *exec.ExitError
	require.ErrorAs(t, err, &exit, "seed %d: the child was not killed: %s", k.Seed, complaints)
	require.Equal(t, -1, exit.ExitCode(), "seed %d: the child ended by itself: %s", k.Seed, complaints)
	return said
}

// tailBuffer keeps what a process complained about.
type tailBuffer []byte

func (b *tailBuffer) Write(p []byte) (int, error) {
	*b = append(*b, p...)
	return len(p), nil
}

// verify opens what a child left, and compares it with what it said.
func (k *killer) verify(t *testing.T, said []report, rng *rand.Rand) {
	digests := map[tagset.Version][32]byte{k.version: k.digest} // that there may be
	counts := map[tagset.Version][2]uint32{}                    // which writer's count a version is, if of one
	acked := k.version
	promised := k.done
	for _, r := range said {
		switch r.Kind {
		case reportOpened:
			require.Equal(t, k.version, r.Version, "seed %d: what the child found", k.Seed)
			require.True(t, k.version == 0 || k.digest == r.Digest, "seed %d: what the child found at version %d", k.Seed, r.Version)
			digests[r.Version] = r.Digest
		case reportTry:
			digests[r.Version] = r.Digest
			counts[r.Version] = [2]uint32{uint32(r.Writer), r.N}
		case reportAck:
			acked = max(acked, r.Version)
			promised[r.Writer] = max(promised[r.Writer], r.N)
			k.acks++
		case reportErase:
			k.erased = true
			clear(k.digests)
		}
	}

	s, err := k.open()
	require.NoError(t, err, "seed %d", k.Seed)
	v := s.View()
	require.GreaterOrEqual(t, v.Version(), acked, "seed %d: acknowledged versions are lost", k.Seed)
	want, known := digests[v.Version()]
	require.True(t, known || v.Version() == 0, "seed %d: version %d, which nobody made", k.Seed, v.Version())
	require.True(t, !known || v.Version() == 0 || want == v.Digest(), "seed %d: version %d is another one", k.Seed, v.Version())
	require.NoError(t, s.Check(), "seed %d", k.Seed)
	for w := range killWriters {
		n, _ := v.Int(killAttr, killFirst+tagset.Member(w))
		require.GreaterOrEqual(t, n, int64(promised[w]), "seed %d: updates of writer %d are lost", k.Seed, w)
		k.done[w] = uint32(n)
	}
	if c, ok := counts[v.Version()]; ok && c[1] > 0 {
		require.Equal(t, c[1], k.done[c[0]], "seed %d: the last update", k.Seed)
	}
	for version, d := range digests {
		if version <= v.Version() && version > 0 && !k.erased {
			k.digests[version] = d
		}
	}
	k.version, k.digest = v.Version(), v.Digest()
	k.lookBack(t, s, rng)
	if k.erased && rng.IntN(2) == 0 { // what was cut short, to the end
		require.NoError(t, s.Erase())
		k.erased = false
		clear(k.digests)
		require.Equal(t, k.digest, s.View().Digest(), "seed %d: erased: the present has changed", k.Seed)
	}
	if rng.IntN(4) > 0 {
		require.NoError(t, s.Close())
		return
	}
	k.again(t, s)
}

// lookBack compares an earlier version, made again from snapshot and journal.
func (k *killer) lookBack(t *testing.T, s *tagset.Store, rng *rand.Rand) {
	if k.version == 0 || rng.IntN(3) > 0 {
		return
	}
	at := k.version - min(k.version-1, tagset.Version(rng.IntN(100)))
	want, known := k.digests[at]
	if !known {
		return
	}
	v, err := s.At(at)
	if errors.Is(err, tagset.ErrVersionGone) {
		return
	}
	require.NoError(t, err, "seed %d: version %d", k.Seed, at)
	require.Equal(t, want, v.Digest(), "seed %d: version %d, which was not the last, is another one", k.Seed, at)
}

// again closes the store and opens it once more: nothing is left to repair.
func (k *killer) again(t *testing.T, s *tagset.Store) {
	require.NoError(t, s.Close())
	s, err := k.open()
	require.NoError(t, err, "seed %d: once more", k.Seed)
	require.Equal(t, k.version, s.View().Version(), "seed %d: once more", k.Seed)
	require.Equal(t, k.digest, s.View().Digest(), "seed %d: once more", k.Seed)
	found := s.Durability().Recovery
	require.Empty(t, found.Torn+found.Damaged, "seed %d: once more", k.Seed)
	require.NoError(t, s.Close())
}
