package engine

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/gomodule/redigo/redis"

	"github.com/tagroar/tagroar/bench/workload"
)

// redisSets holds a set of integers for each tag. A question of more than two tags is a pipeline of commands that store what is
// between under keys of their own, which the next question overwrites; the count is the reply of the last.
type redisSets struct {
	*redisServer
	tags   []string
	counts []int
}

func openRedisSets(ctx context.Context) (Engine, error) {
	s, err := startRedis(ctx)
	if err != nil {
		return nil, err
	}
	return &redisSets{redisServer: s}, nil
}

// Load sends a few thousand members a command, and goes on sending while the server works.
func (e *redisSets) Load(_ context.Context, p *Population) error {
	const chunk, ahead = 4096, 64
	e.tags, e.counts = p.Tags, p.sizes()
	pending := 0
	receive := func(leave int) error {
		if err := e.conn.Flush(); err != nil {
			return err
		}
		for ; pending > leave; pending-- {
			if _, err := e.conn.Receive(); err != nil {
				return err
			}
		}
		return nil
	}
	args := make([]any, 0, chunk+1)
	for i, members := range p.Members {
		for part := range slices.Chunk(members, chunk) {
			args = append(args[:0], p.Tags[i])
			for _, m := range part {
				args = append(args, strconv.Itoa(int(m)))
			}
			if err := e.conn.Send("SADD", args...); err != nil {
				return err
			}
			if pending++; pending >= 2*ahead {
				if err := receive(ahead); err != nil {
					return err
				}
			}
		}
	}
	return receive(0)
}

func (e *redisSets) Ways(_ context.Context, q workload.Question) ([]Way, error) {
	if q.Ranks() {
		return []Way{{"SINTERSTORE each, ZUNIONSTORE, ZRANGE", e.ranking(q)}}, nil
	}
	q = ordered(q, func(t int) int { return e.counts[t] })
	all, none := pick(e.tags, q.All), pick(e.tags, q.None)
	if len(q.Any)+len(none) == 0 {
		return []Way{e.counting("SINTERCARD", []command{append(command{"SINTERCARD", len(all)}, anys(all)...)})}, nil
	}
	var ways []Way
	if len(all) > 0 {
		ways = append(ways, e.counting("SINTERSTORE each, SUNIONSTORE, SDIFFSTORE", e.distributed(q, all, none)))
	}
	return append(ways, e.counting("SUNIONSTORE, SINTERSTORE, SDIFFSTORE", e.unionsFirst(q, all, none))), nil
}

// unionsFirst makes the union of each group, and the intersection with these.
func (e *redisSets) unionsFirst(q workload.Question, all, none []string) (list []command) {
	meet := command{"SINTERSTORE", "tmp:and"}
	meet = append(meet, anys(all)...)
	for i, g := range q.Any {
		union := fmt.Sprintf("tmp:or:%d", i)
		list = append(list, append(command{"SUNIONSTORE", union}, anys(pick(e.tags, g))...))
		meet = append(meet, union)
	}
	if len(meet) == 3 && len(none) > 0 { // one operand: nothing to intersect
		return append(list, append(command{"SDIFFSTORE", "tmp:result", meet[2]}, anys(none)...))
	}
	list = append(list, meet)
	if len(none) > 0 {
		list = append(list, append(command{"SDIFFSTORE", "tmp:result", "tmp:and"}, anys(none)...))
	}
	return list
}

// distributed intersects all first, and each tag of a group with that.
func (e *redisSets) distributed(q workload.Question, all, none []string) (list []command) {
	so := all[0]
	if len(all) > 1 {
		list = append(list, append(command{"SINTERSTORE", "tmp:all"}, anys(all)...))
		so = "tmp:all"
	}
	for i, g := range q.Any {
		union := command{"SUNIONSTORE", fmt.Sprintf("tmp:met:%d", i)}
		for k, tag := range pick(e.tags, g) {
			part := fmt.Sprintf("tmp:part:%d", k)
			list = append(list, command{"SINTERSTORE", part, so, tag})
			union = append(union, part)
		}
		list = append(list, union)
		so = union[1].(string)
	}
	if len(none) > 0 {
		list = append(list, append(command{"SDIFFSTORE", "tmp:result", so}, anys(none)...))
	}
	return list
}

func (e *redisSets) counting(name string, list []command) Way {
	return Way{name, func(context.Context) (Answer, error) {
		n, err := redis.Int(e.pipeline(list))
		return Answer{Count: n}, err
	}}
}

// ranking scores the members that are asked for alone: a ZUNIONSTORE of the whole tags and a ZINTERSTORE after it took eight times as
// long on a million members, and two hundred times for a small set. Weights are negative, so that the best come first and equal ones
// by ascending name, which is text.
func (e *redisSets) ranking(q workload.Question) func(context.Context) (Answer, error) {
	of := e.tags[q.Of]
	var list []command
	sum := command{"ZUNIONSTORE", "tmp:scores", len(q.Scoring) + 1, of}
	weights := []any{"WEIGHTS", 0}
	for i, tag := range pick(e.tags, q.Scoring) {
		part := fmt.Sprintf("tmp:part:%d", i)
		list = append(list, command{"SINTERSTORE", part, of, tag})
		sum = append(sum, part)
		weights = append(weights, -q.Weights[i])
	}
	list = append(list, append(sum, weights...), command{"ZRANGE", "tmp:scores", 0, q.Limit - 1, "WITHSCORES"})
	return func(context.Context) (Answer, error) {
		numbers, err := redis.Int64s(e.pipeline(list)) // member, score, member, …
		var a Answer
		for pair := range slices.Chunk(numbers, 2) {
			a.First = append(a.First, workload.Ranked{Member: uint32(pair[0]), Score: -pair[1]})
		}
		return a, err
	}
}

func anys(of []string) []any {
	out := make([]any, len(of))
	for i, s := range of {
		out[i] = s
	}
	return out
}
