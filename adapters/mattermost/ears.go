package mattermost

import "context"

// listen hears what people say until ctx ends.
func (a *Adapter) listen(ctx context.Context, hearer Hearer, desk Desk) error {
	h, _ := a.rooms.at()
	return newEars(a.config, a.shelf, a.log, earParts{
		hearer: hearer, desk: desk, me: h.bot, api: a.api, rooms: a.rooms, people: a.people, tokens: a.tokens,
		ours: a.ours, private: a.private, whispers: func() bool { return !a.silent.Load() }, shown: escape, reconnected: a.reconnected, tempo: a.tempo,
	}).serve(ctx)
}
