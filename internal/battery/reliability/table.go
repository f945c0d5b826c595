package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tagroar/tagroar/internal/battery"
)

// A language is the words of the table in one language.
type language struct {
	of         func(battery.Words) string
	head       string
	some       string // how much was run, of how much, unit
	seeds      string // which seeds, of how many
	notRun     string
	notWritten string
	failed     string
	to         string // between dates
	foot       string // Go, processor, commits
	several    string // between names
	day        string // a date
}

var english = language{
	of:         func(w battery.Words) string { return w.EN },
	head:       "| | what is tested | how much | seeds | losses | when, how long |",
	some:       "%s of %s %s",
	seeds:      "%s of %s",
	notRun:     "**not run**",
	notWritten: "**not run**: there is no test yet",
	failed:     "**failed**",
	to:         " to ",
	foot:       "Go %s on %s; commit %s. Where less than the whole was done, it is what fitted into the slices.\n",
	several:    ", ",
	day:        "2006-01-02",
}

var mandarin = language{
	of:         func(w battery.Words) string { return w.ZH },
	head:       "| | 测试内容 | 完成 | 种子 | 损失 | 日期与用时 |",
	some:       "%s / %s %s",
	seeds:      "%s / %s",
	notRun:     "**未运行**",
	notWritten: "**未运行**：尚无测试",
	failed:     "**失败**",
	to:         " 至 ",
	foot:       "Go %s，%s；提交 %s。未达到全部规模的，是各时间片内实际完成的数量。\n",
	several:    "、",
	day:        "2006-01-02",
}

// table writes a row for each part, and on what machine it was.
func table(parts []battery.Part, results []battery.Result, l language) string {
	var b strings.Builder
	b.WriteString(l.head + "\n|---:|---|---|---|---|---|\n")
	var gos, cpus, commits []string
	for _, p := range parts {
		s := battery.Add(p, results)
		b.WriteString(row(s, l))
		gos, cpus, commits = append(gos, s.Go...), append(cpus, s.CPU...), append(commits, s.Commits...)
	}
	if len(gos) > 0 {
		names := func(list []string) string {
			slices.Sort(list)
			if list = slices.Compact(list); len(list) == 0 {
				list = []string{"?"}
			}
			return strings.Join(list, l.several)
		}
		fmt.Fprintf(&b, "\n"+l.foot, names(gos), names(cpus), names(commits))
	}
	return b.String()
}

func row(s battery.Sum, l language) string {
	cells := []string{strconv.Itoa(s.Point), l.of(s.Text)}
	switch {
	case s.Runs == 0 && s.Test == "" && !s.Fuzz:
		cells = append(cells, l.notWritten, "", "", "")
	case s.Runs == 0:
		cells = append(cells, l.notRun, "", "", "")
	default:
		cells = append(cells, amount(s, l), seeds(s, l), losses(s, l), when(s, l))
	}
	for i, c := range cells {
		cells[i] = strings.ReplaceAll(c, "|", `\|`)
	}
	return "| " + strings.Join(cells, " | ") + " |\n"
}

func amount(s battery.Sum, l language) string {
	out := number(s.Size) + " " + l.of(s.Unit)
	if s.Size < s.Of {
		out = fmt.Sprintf(l.some, number(s.Size), number(s.Of), l.of(s.Unit))
	}
	if len(s.Notes) > 0 {
		out += " (" + strings.Join(s.Notes, "; ") + ")"
	}
	return out
}

func seeds(s battery.Sum, l language) string {
	if s.Last == 0 {
		return ""
	}
	out := number(int64(s.First)) + "–" + number(int64(s.Last))
	if s.Last < s.Seeds {
		out = fmt.Sprintf(l.seeds, out, number(int64(s.Seeds)))
	}
	return out
}

func losses(s battery.Sum, l language) string {
	if s.Failed {
		return number(s.Losses) + ", " + l.failed
	}
	return number(s.Losses)
}

func when(s battery.Sum, l language) string {
	from, to := s.From.Format(l.day), s.To.Format(l.day)
	if from != to {
		from += l.to + to
	}
	return from + l.several + span(s.Took)
}

// span is a duration to two figures or so.
func span(d time.Duration) string {
	switch {
	case d >= 10*time.Hour:
		return fmt.Sprintf("%.0f h", d.Hours())
	case d >= time.Hour:
		return fmt.Sprintf("%.1f h", d.Hours())
	case d >= 2*time.Minute:
		return fmt.Sprintf("%.0f min", d.Minutes())
	case d >= time.Second:
		return fmt.Sprintf("%.0f s", d.Seconds())
	}
	return fmt.Sprintf("%d ms", d.Milliseconds())
}

// number groups the digits of n by threes.
func number(n int64) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
