package mattermost_test

import (
	"slices"
	"strings"
	"testing"

	"wardline/adapters/mattermost/mmtest"
)

func TestAnOutageGetsARoomWithABoardAndTheWardsAreTold(t *testing.T) {
	for _, version := range []string{mmtest.V11, mmtest.V9} {
		t.Run(version, func(t *testing.T) {
			s := newStage(t, mmtest.Options{Version: version}, nil).start()
			s.types("lin", "it", "/outage declare his 全院停用 extent:total")
			s.quiet()
			room := s.channel("wl-inc-1")
			equal(t, "display name", room.DisplayName, "INC-1 his 全院停用")
			equal(t, "purpose", room.Purpose, "INC-1 的处置群：进展、ETA、症状、决定都写在这里")
			equal(t, "type", string(room.Type), "O")
			if !strings.Contains(room.Header, "预计恢复 未知") {
				t.Errorf("header %q", room.Header)
			}
			board := s.board("wl-inc-1")
			if !strings.Contains(text(board), "INC-1") || len(board.Attachments()[0].Actions) < 4 {
				t.Errorf("board %q with %d buttons", text(board), len(board.Attachments()[0].Actions))
			}
			equal(t, "from_bot", board.GetProp("from_bot"), any("true"))
			members := s.server.Members(room.Id)
			slices.Sort(members)
			equal(t, "members", strings.Join(members, " "), "it.lin it.wu wardline")
			ward := s.posts("wl-dept-ed")[0]
			equal(t, "priority", *ward.Metadata.Priority.Priority, "urgent")
			equal(t, "name of the ward's channel", s.channel("wl-dept-ed").DisplayName, "急诊科")
		})
	}
}
