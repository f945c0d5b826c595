package main

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

const numContacts = 20_000

// A contact is a customer as plain Go keeps one: what the answers are checked
// against.
type contact struct {
	key   string
	tags  []held    // that they carry themselves, each once
	spent int64     // fen in all; −1: nothing is known
	last  time.Time // of the last talk; zero: there was none
}

// held is a tag, and the sources that hold it.
type held struct {
	tag string
	by  []string
}

// hold tags the contact on behalf of a source; "" is the business itself.
func (c *contact) hold(tag, source string) {
	i := slices.IndexFunc(c.tags, func(h held) bool { return h.tag == tag })
	if i < 0 {
		i = len(c.tags)
		c.tags = append(c.tags, held{tag: tag})
	}
	if h := &c.tags[i]; !slices.Contains(h.by, source) {
		h.by = append(h.by, source)
	}
}

// by tells who holds the tag.
func (c *contact) by(tag string) []string {
	for _, h := range c.tags {
		if h.tag == tag {
			return h.by
		}
	}
	return nil
}

// drop ends all that a source holds, and tells how many tags went with it.
func (c *contact) drop(source string) (ended int) {
	before := len(c.tags)
	for i := range c.tags {
		h := &c.tags[i]
		h.by = slices.DeleteFunc(h.by, func(s string) bool { return s == source })
	}
	c.tags = slices.DeleteFunc(c.tags, func(h held) bool { return len(h.by) == 0 })
	return before - len(c.tags)
}

// has tells whether the contact carries the tag or one below it.
func (c *contact) has(tag string) bool {
	for _, h := range c.tags {
		if within(h.tag, tag) {
			return true
		}
	}
	return false
}

// hasAny is has for any of several tags.
func (c *contact) hasAny(tags ...string) bool { return slices.ContainsFunc(tags, c.has) }

// leave takes away the tag and what is below it.
func (c *contact) leave(tag string) {
	c.tags = slices.DeleteFunc(c.tags, func(h held) bool { return within(h.tag, tag) })
}

// rename moves what the contact carries at or below a tag.
func (c *contact) rename(from, to string) {
	for _, h := range slices.Clone(c.tags) {
		if within(h.tag, from) {
			c.leave(h.tag)
			for _, source := range h.by {
				c.hold(to+strings.TrimPrefix(h.tag, from), source)
			}
		}
	}
}

// silent tells whether the last talk is more than that many days ago.
func (c *contact) silent(days int) bool {
	return !c.last.IsZero() && c.last.Before(now.AddDate(0, 0, -days))
}

// within tells whether a tag is the other one or below it.
func within(tag, above string) bool {
	rest, ok := strings.CutPrefix(tag, above)
	return ok && (rest == "" || rest[0] == '/')
}

// Dice are a small generator of numbers (Steele, Lea, Flood, "Fast splittable
// pseudorandom number generators", OOPSLA 2014) that will be the same with every
// Go release.
type dice uint64

// roll is one of n numbers from 0 on.
func (d *dice) roll(n int) int {
	*d += 0x9e3779b97f4a7c15
	z := uint64(*d)
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return int((z ^ z>>31) % uint64(n))
}

// chance is true that many times of a hundred.
func (d *dice) chance(percent int) bool { return d.roll(100) < percent }

func pick[T any](d *dice, of []T) T { return of[d.roll(len(of))] }

var (
	staff = []string{
		"部门/销售一部/张伟", "部门/销售一部/王芳", "部门/销售一部/李娜", "部门/销售一部/刘洋",
		"部门/销售二部/陈静", "部门/销售二部/杨磊", "部门/销售二部/赵敏",
		"部门/客服部/黄强", "部门/客服部/周婷", "部门/客服部/吴昊",
	}
	intents   = []string{"意向/高", "意向/中", "意向/中", "意向/低", "意向/低"} // as often as they come
	interests = []string{"兴趣/护肤", "兴趣/彩妆", "兴趣/母婴", "兴趣/数码", "兴趣/家居", "兴趣/户外"}
	channels  = []string{"渠道/扫码", "渠道/扫码", "渠道/名片", "渠道/朋友圈广告", "渠道/老客推荐"}
	homes     = []string{"上海市", "江苏省", "浙江省", "广东省", "北京市", "四川省"} // where most customers live

	levels = []struct {
		tag  string
		from int64 // fen
	}{{"会员等级/普通", 0}, {"会员等级/银卡", 2_000_00}, {"会员等级/金卡", 10_000_00}, {"会员等级/黑金", 50_000_00}}
)

// firstImport is the source of what came from the old system.
const firstImport = "导入-2026-01"

// lastLevel is the last level of a tag: of a member of staff, the source that
// they are.
func lastLevel(tag string) string { return tag[strings.LastIndexByte(tag, '/')+1:] }

// makeUp invents the customers, the same ones every time.
func makeUp(divisions []division) []*contact {
	var areas, home []string
	for _, d := range divisions {
		if d.area() {
			areas = append(areas, d.path)
			if slices.ContainsFunc(homes, func(p string) bool { return within(d.path, tree+"/"+p) }) {
				home = append(home, d.path)
			}
		}
	}
	d := dice(20260630)
	contacts := make([]*contact, numContacts)
	for i := range contacts {
		c := &contact{key: fmt.Sprintf("wm%05d", i+1), spent: -1}
		c.settleDown(&d, areas, home)
		c.meetStaff(&d)
		c.shop(&d)
		contacts[i] = c
	}
	return contacts
}

// settleDown gives most an area, some just a city, a tenth nothing.
func (c *contact) settleDown(d *dice, areas, home []string) {
	place := pick(d, areas)
	if d.chance(55) {
		place = pick(d, home)
	}
	switch n := d.roll(100); {
	case n < 9:
		return
	case n < 17:
		place = place[:strings.LastIndexByte(place, '/')]
	}
	c.hold(place, "")
}

// meetStaff gives one to three followers, who tag the contact each by themselves.
func (c *contact) meetStaff(d *dice) {
	followers := 1
	for followers < 3 && d.chance(30) {
		followers++
	}
	for range followers {
		who := pick(d, staff)
		c.hold(who, "")
		if d.chance(70) {
			c.hold(pick(d, intents), lastLevel(who))
		}
		for range d.roll(3) {
			c.hold(pick(d, interests), lastLevel(who))
		}
	}
	channel := ""
	if d.chance(85) {
		channel = pick(d, channels)
		c.hold(channel, "")
	}
	// Two people had the same idea: 转介绍 is 渠道/老客推荐, nearly.
	if channel == "渠道/老客推荐" && d.chance(98) || d.roll(1000) == 0 {
		c.hold("转介绍", "")
	}
	if d.chance(97) {
		c.last = now.Add(-time.Duration(d.roll(400*24*3600)) * time.Second)
	}
}

// shop makes most spend something, and some much. The old system gave the level
// reached, and often forgot to take away the ones before.
func (c *contact) shop(d *dice) {
	if d.chance(10) {
		return
	}
	c.spent = int64(50_00 + d.roll(400_00))
	for range 10 {
		if d.chance(45) {
			break
		}
		c.spent *= 2
	}
	reached := 0
	for i, l := range levels {
		if c.spent >= l.from {
			reached = i
		}
	}
	for i := range reached {
		if d.chance(25) {
			c.hold(levels[i].tag, firstImport)
		}
	}
	c.hold(levels[reached].tag, firstImport)
}
