package engine

import (
	"context"
	"fmt"

	"github.com/gomodule/redigo/redis"

	"github.com/tagroar/tagroar/bench/workload"
)

// redisBitmaps holds a string with a bit for each member in each tag, which suits members that are dense ordinals. Redis 7 has no
// BITOP for a difference: the negatives are united, and what the result has of them is counted and taken off. There is no operation
// that adds up weights.
type redisBitmaps struct {
	*redisServer
	tags []string
}

func openRedisBitmaps(ctx context.Context) (Engine, error) {
	s, err := startRedis(ctx)
	if err != nil {
		return nil, err
	}
	return &redisBitmaps{redisServer: s}, nil
}

// Load sends each tag as one string.
func (e *redisBitmaps) Load(_ context.Context, p *Population) error {
	e.tags = p.Tags
	list := make([]command, len(p.Tags))
	for i, members := range p.Members {
		bits := make([]byte, (p.Size+7)/8)
		for _, m := range members {
			bits[m>>3] |= 0x80 >> (m & 7)
		}
		list[i] = command{"SET", p.Tags[i], bits}
	}
	_, err := e.pipeline(list)
	return err
}

func (e *redisBitmaps) Ways(_ context.Context, q workload.Question) ([]Way, error) {
	if q.Ranks() {
		return nil, nil
	}
	var list []command
	meet := append(command{"BITOP", "AND", "tmp:and"}, anys(pick(e.tags, q.All))...)
	for i, g := range q.Any {
		union := fmt.Sprintf("tmp:or:%d", i)
		list = append(list, append(command{"BITOP", "OR", union}, anys(pick(e.tags, g))...))
		meet = append(meet, union)
	}
	list = append(list, meet, command{"BITCOUNT", "tmp:and"})
	if len(q.None) == 0 {
		return []Way{{"BITOP, BITCOUNT", func(context.Context) (Answer, error) {
			n, err := redis.Int(e.pipeline(list))
			return Answer{Count: n}, err
		}}}, nil
	}
	// The count without the negatives is the reply before the last; a transaction's reply has both.
	list = append(list,
		append(command{"BITOP", "OR", "tmp:none"}, anys(pick(e.tags, q.None))...),
		command{"BITOP", "AND", "tmp:both", "tmp:and", "tmp:none"},
		command{"BITCOUNT", "tmp:both"})
	positives := len(q.Any) + 1
	list = append(append([]command{{"MULTI"}}, list...), command{"EXEC"})
	return []Way{{"BITOP, BITCOUNT", func(context.Context) (Answer, error) {
		replies, err := redis.Values(e.pipeline(list))
		if err != nil {
			return Answer{}, err
		}
		counts, err := redis.Ints(replies, nil)
		if err != nil {
			return Answer{}, err
		}
		return Answer{Count: counts[positives] - counts[len(counts)-1]}, nil
	}}}, nil
}
