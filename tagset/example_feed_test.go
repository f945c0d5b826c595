package tagset_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"github.com/tagroar/tagroar/tagset"
)

// exampleFeed returns a store with three versions, that keeps their changes.
func exampleFeed() *tagset.Store {
	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	s, err := tagset.New(tagset.Config{History: 100, Clock: func() time.Time { return now }})
	if err != nil {
		panic(err)
	}
	for _, do := range []func(*tagset.Tx) error{
		func(tx *tagset.Tx) error {
			tx.By("小赵", "新建标签")
			_, err := tx.CreateTag(tagset.Tag{Name: "VIP客户"})
			return errors.Join(err, tx.CreateAttribute("消费金额", tagset.Decimal(2)))
		},
		func(tx *tagset.Tx) error {
			tx.By("小钱", "首次复购")
			ms, err := tx.Intern("ann")
			if err != nil {
				return err
			}
			_, err = tx.From("收银台").Add("VIP客户", ms...)
			return errors.Join(err, tx.SetInt("消费金额", ms[0], 1250_00))
		},
		func(tx *tagset.Tx) error {
			tx.By("小赵", "统一名称")
			return tx.RenameTag("VIP客户", "客户/VIP")
		},
	} {
		now = now.Add(time.Hour)
		if _, err := s.Update(do); err != nil {
			panic(err)
		}
	}
	return s
}

// The feed as an audit trail: who did what, when and why. Tags are told by ids,
// which survive renaming.
func ExampleStore_Changes() {
	s := exampleFeed()
	for c, err := range s.Changes(1) {
		if err != nil {
			panic(err)
		}
		fmt.Println("version", c.Version, c.Time().Format(time.DateTime))
		for op := range c.Ops() {
			fmt.Print("  ", op.Actor, " ", op.Reason, ": ", op.Verb)
			switch op.Verb {
			case "Intern":
				fmt.Println("", maps.Collect(op.Keys()))
			case "Add":
				fmt.Println(" tag", op.Tag, "from", op.Source, slices.Collect(op.Members().All()))
			case "SetInt":
				fmt.Println("", op.Attr, maps.Collect(op.Values()))
			case "RenameTag":
				fmt.Println(" tag", op.Tag, "to", op.Name)
			}
		}
	}
	// Output:
	// version 2 2026-03-01 11:00:00
	//   小钱 首次复购: Intern map[0:ann]
	//   小钱 首次复购: Add tag 1 from 收银台 [0]
	//   小钱 首次复购: SetInt 消费金额 map[0:125000]
	// version 3 2026-03-01 12:00:00
	//   小赵 统一名称: RenameTag tag 1 to 客户/VIP
}

// A replica begins with a snapshot and applies the changes after it. At each
// version it is what its origin was.
func ExampleStore_Apply() {
	origin := exampleFeed()
	first, err := origin.At(1)
	if err != nil {
		panic(err)
	}
	var snapshot bytes.Buffer
	if _, err := first.WriteTo(&snapshot); err != nil {
		panic(err)
	}
	replica, err := tagset.Restore(&snapshot, tagset.Config{})
	if err != nil {
		panic(err)
	}
	for c, err := range origin.Changes(replica.View().Version()) {
		if err != nil {
			panic(err) // ErrCompacted: begin anew with a snapshot
		}
		if err := replica.Apply(c); err != nil {
			panic(err)
		}
		same, _ := origin.At(c.Version)
		fmt.Println(c.Version, replica.View().Digest() == same.Digest())
	}

	forget := func(tx *tagset.Tx) error { return tx.Forget(0) }
	_, err = replica.Update(forget)
	fmt.Println(errors.Is(err, tagset.ErrReplica))
	if err := replica.Promote(); err != nil {
		panic(err)
	}
	version, err := replica.Update(forget)
	fmt.Println(version, err)
	// Output:
	// 2 true
	// 3 true
	// true
	// 5 <nil>
}

// A replica in the same process that follows its origin until that is closed.
func ExampleStore_Wait() {
	follow := func(ctx context.Context, origin, replica *tagset.Store) error {
		for {
			for c, err := range origin.Changes(replica.View().Version()) {
				if err != nil {
					return err
				}
				if err := replica.Apply(c); err != nil {
					return err
				}
			}
			if err := origin.Wait(ctx, replica.View().Version()); err != nil {
				return err
			}
		}
	}

	origin := exampleFeed()
	var snapshot bytes.Buffer
	if _, err := origin.View().WriteTo(&snapshot); err != nil {
		panic(err)
	}
	replica, err := tagset.Restore(&snapshot, tagset.Config{})
	if err != nil {
		panic(err)
	}
	ended := make(chan error)
	go func() { ended <- follow(context.Background(), origin, replica) }()

	for _, key := range []string{"bob", "eve"} {
		exampleTagged(origin, "客户/VIP", key)
	}
	_ = origin.Close()
	fmt.Println(errors.Is(<-ended, tagset.ErrClosed))
	fmt.Println(exampleKeys(replica.View(), "客户/VIP"))
	// Output:
	// true
	// [ann bob eve]
}

// Changes as bytes, one after another: in a file, or over a connection.
func ExampleReadChange() {
	s := exampleFeed()
	var stream bytes.Buffer
	for c, err := range s.Changes(0) {
		if err != nil {
			panic(err)
		}
		if _, err := c.WriteTo(&stream); err != nil {
			panic(err)
		}
	}
	for {
		c, err := tagset.ReadChange(&stream)
		if err == io.EOF {
			break
		}
		if err != nil {
			panic(err)
		}
		verbs := 0
		for range c.Ops() {
			verbs++
		}
		fmt.Println(c.Version, verbs)
	}
	// Output:
	// 1 2
	// 2 3
	// 3 1
}
