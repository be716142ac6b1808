package mattermost

import "context"

// listen hears what people say until ctx ends.
func (a *Adapter) listen(ctx context.Context, _ Hearer, _ Desk) error {
	<-ctx.Done()
	return nil
}
