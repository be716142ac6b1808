package mmtest

import (
	"bytes"
	"errors"
	"image/png"
	"io"
	"mime/multipart"
	"net/http"
	"path"
	"strings"

	"github.com/mattermost/mattermost/server/public/model"
)

const mostFile = 100 << 20 // MaxFileSize

// uploadFile takes files in a form, or one as the body.
func uploadFile(c *call) (reply, *model.AppError) {
	channelID, named, err := c.upload()
	if err != nil {
		return fail(err)
	}
	if ch := c.s.data.channels[channelID]; !c.s.mayInChannel(c.me(), ch, "upload_file") {
		return fail(forbidden())
	}
	answer := model.FileUploadResponse{FileInfos: []*model.FileInfo{}, ClientIds: []string{}}
	for _, n := range named {
		if len(n.data) > mostFile {
			return no(http.StatusRequestEntityTooLarge, "api.file.upload_file.too_large_detailed.app_error")
		}
		answer.FileInfos = append(answer.FileInfos, c.s.keepFile(n, channelID, c.me()))
	}
	return created(answer)
}

type named struct {
	name string
	data []byte
}

func (c *call) upload() (channelID string, all []named, refused *model.AppError) {
	kind := c.r.Header.Get("Content-Type")
	if !strings.HasPrefix(kind, "multipart/") {
		return c.query("channel_id"), []named{{c.query("filename"), c.body}}, nil
	}
	_, boundary, _ := strings.Cut(kind, "boundary=")
	form := multipart.NewReader(bytes.NewReader(c.body), strings.Trim(boundary, `"`))
	for {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			return channelID, all, nil
		}
		if err != nil {
			return "", nil, badBody()
		}
		text, err := io.ReadAll(part)
		if err != nil {
			return "", nil, badBody()
		}
		switch part.FormName() {
		case "channel_id":
			channelID = string(text)
		case "files":
			all = append(all, named{part.FileName(), text})
		}
	}
}

func (s *Server) keepFile(n named, channelID string, by *user) *model.FileInfo {
	f := &file{data: n.data}
	f.FileInfo = model.FileInfo{
		Id: model.NewId(), CreatorId: by.Id, ChannelId: channelID, CreateAt: now(), UpdateAt: now(),
		Name: n.name, Extension: strings.TrimPrefix(path.Ext(n.name), "."), Size: int64(len(n.data)),
		MimeType: http.DetectContentType(n.data),
	}
	if size, err := png.DecodeConfig(bytes.NewReader(n.data)); err == nil {
		f.Width, f.Height, f.HasPreviewImage = size.Width, size.Height, true
	}
	s.data.files[f.Id] = f
	info := f.FileInfo
	return &info
}

// attach gives files to a post. Each belongs to one post only: a second one silently goes without.
func (s *Server) attach(p *model.Post) (mine []string) {
	mine = []string{}
	for _, id := range p.FileIds {
		if f := s.data.files[id]; f != nil && f.PostId == "" && f.CreatorId == p.UserId {
			f.PostId, f.ChannelId = p.Id, p.ChannelId
			mine = append(mine, id)
		}
	}
	return mine
}

// file finds the file named in the path for somebody who may read it.
func (c *call) file() (*file, *model.AppError) {
	f := c.s.data.files[c.p["file"]]
	if f == nil {
		return nil, wrong(http.StatusNotFound, "app.file_info.get.app_error")
	}
	if f.CreatorId != c.me().Id && !c.s.mayRead(c.me(), c.s.data.channels[f.ChannelId]) {
		return nil, forbidden()
	}
	return f, nil
}

func getFile(c *call) (reply, *model.AppError) {
	f, err := c.file()
	if err != nil {
		return fail(err)
	}
	return reply{status: http.StatusOK, body: f.data, kind: f.MimeType}, nil
}

func getFileInfo(c *call) (reply, *model.AppError) {
	f, err := c.file()
	if err != nil {
		return fail(err)
	}
	return ok(f.FileInfo)
}
