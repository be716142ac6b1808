package mattermost

import (
	"context"
	"regexp"
	"time"

	"github.com/mattermost/mattermost/server/public/model"

	"wardline/bot"
)

const (
	carryPrefix = "carry/"
	mostFiles   = 10       // of one post
	biggestFile = 20 << 20 // held in memory for a moment; a bigger one is named with its link alone
)

// pointed finds the posts that a message leads to.
var pointed = regexp.MustCompile(`/_redirect/pl/([a-z0-9]{26})`)

// carryable notes that what is attached to a post may be shown where the post is spoken of. Only posts that were
// said to the bot are: people type links as well, and would see what they may not.
func (e *ears) carryable(ctx context.Context, postID string) {
	err := e.shelf.Put(ctx, Entry{Key: carryPrefix + postID, Value: []byte(time.Now().UTC().Format(time.RFC3339))})
	if err != nil {
		e.log.Warn("the files of a post will not be shown elsewhere", "post", postID, "err", err)
	}
}

// carry brings the files a notice speaks of into a channel, and returns their ids: who reads there need not be
// able to open the post they were attached to, such as a direct message. Without them the notice is said all
// the same.
func (a *Adapter) carry(ctx context.Context, m bot.Message, channelID string) []string {
	if m.Kind != bot.Notice {
		return nil
	}
	var out []string
	seen := map[string]bool{}
	for _, found := range pointed.FindAllStringSubmatch(m.Text, -1) {
		if seen[found[1]] {
			continue
		}
		seen[found[1]] = true
		if _, ours, err := a.shelf.Get(ctx, carryPrefix+found[1]); err != nil || !ours {
			continue
		}
		p, err := a.get(ctx, found[1])
		if err != nil || p.ChannelId == channelID || p.Metadata == nil {
			continue
		}
		for _, info := range p.Metadata.Files {
			if len(out) == mostFiles || info.Size > biggestFile {
				continue
			}
			id, err := a.copyFile(ctx, info, channelID)
			if err != nil {
				a.log.Warn("a file is not shown where it is spoken of", "room", m.Room, "post", p.Id, "err", err)
				continue
			}
			out = append(out, id)
		}
	}
	return out
}

// copyFile uploads a file once more: on the server a file belongs to one post.
func (a *Adapter) copyFile(ctx context.Context, info *model.FileInfo, channelID string) (string, error) {
	data, err := call(ctx, a.api, "read a file", func(ctx context.Context, c *model.Client4) ([]byte, *model.Response, error) {
		return c.GetFile(ctx, info.Id)
	})
	if err != nil {
		return "", err
	}
	made, err := call(ctx, a.api, "upload a file", func(ctx context.Context, c *model.Client4) (*model.FileUploadResponse, *model.Response, error) {
		return c.UploadFile(ctx, data, channelID, info.Name)
	})
	if err != nil || len(made.FileInfos) == 0 {
		return "", err
	}
	return made.FileInfos[0].Id, nil
}
