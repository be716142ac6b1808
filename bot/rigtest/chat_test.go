package rigtest_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"wardline/bot"
	"wardline/bot/rigtest"
)

func chatAndAdapter(t *testing.T) (*rigtest.Chat, *rigtest.Adapter) {
	t.Helper()
	chat, err := rigtest.NewChat(rigtest.Settings{Window: time.Minute})
	must(t, err)
	t.Cleanup(func() { must(t, chat.Down()) })
	adapter := rigtest.NewAdapter(rigtest.AdapterSettings{URL: chat.URL()})
	t.Cleanup(adapter.Close)
	return chat, adapter
}

func say(t *testing.T, a *rigtest.Adapter, m bot.Message) (bot.Ref, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	return a.Say(ctx, m, "")
}

func TestWindowOfAKeyEndsWithARestart(t *testing.T) {
	chat, adapter := chatAndAdapter(t)
	m := notice("it", "1", bot.Ask)
	first, err := say(t, adapter, m)
	must(t, err)
	again, err := say(t, adapter, m)
	must(t, err)
	must(t, chat.Restart())
	adapter.Close() // the connection of before is dead
	late, err := say(t, adapter, m)
	must(t, err)
	if again != first || late == first {
		t.Errorf("posts %s, %s and after a restart %s; want two the same and one new", first, again, late)
	}
}

func TestRoomOfAnotherIsNotTaken(t *testing.T) {
	chat, adapter := chatAndAdapter(t)
	chat.Take("wl-it", "the canteen's")
	_, err := say(t, adapter, notice("it", "1", bot.Ask))
	must(t, err)
	rooms := chat.Rooms()
	if len(rooms) != 2 || rooms[1].Name != "wl-it-2" || rooms[1].Owner() != "it" || chat.Posts()[0].Room != rooms[1].ID {
		t.Errorf("rooms %+v, posts %+v", rooms, chat.Posts())
	}
}

// A closing that is carried out late shuts a room that was opened again meanwhile. A board must change
// there all the same, as a post must appear: refused for good it would stay old for ever.
func TestBoardChangesInARoomThatWasClosedLate(t *testing.T) {
	chat, adapter := chatAndAdapter(t)
	board, closing := notice("inc/1", "1", bot.Show), notice("inc/1", "2", bot.Sum)
	board.Kind, closing.Kind = bot.Board, bot.CloseRoom
	shown, err := say(t, adapter, board)
	must(t, err)
	_, err = say(t, adapter, closing)
	must(t, err)
	board.Text = "newer"
	_, err = adapter.Say(t.Context(), board, shown)
	must(t, err)
	if p := chat.Posts()[0]; p.Text != board.Title+"\nnewer" || !p.Pinned {
		t.Errorf("the board is %+v", p)
	}
}

// What an adapter tells of a fault decides what the desk does: wait, give up, look, or just try again.
func TestFaultsAreToldAsWhatTheyAre(t *testing.T) {
	nothingDone := []rigtest.Fault{
		rigtest.Unknown401, rigtest.RoomLimit, rigtest.GlobalLimit, rigtest.ResetLimit, rigtest.TextLimit,
	}
	everywhere := map[rigtest.Fault]bool{rigtest.GlobalLimit: true, rigtest.TextLimit: true}
	surely := map[rigtest.Fault]bool{}
	for _, f := range nothingDone {
		surely[f] = true
	}
	for _, f := range rigtest.Faults() {
		t.Run(f.String(), func(t *testing.T) {
			chat, adapter := chatAndAdapter(t)
			_, err := say(t, adapter, notice("it", "room", bot.Ask))
			must(t, err)
			chat.Disturb(rigtest.Always("post", f))
			_, err = say(t, adapter, notice("it", "1", bot.Ask))
			var asked bot.RetryAfter
			limited := errors.As(err, &asked)
			if got := limited || errors.Is(err, bot.ErrNotSent); got != surely[f] {
				t.Errorf("told that nothing was done: %t by %v", got, err)
			}
			if limited && (asked.Everywhere != everywhere[f] || asked.Wait != 20*time.Millisecond) {
				t.Errorf("told to wait %+v", asked)
			}
			if errors.Is(err, bot.ErrRejected) {
				t.Errorf("told that it is refused for good: %v", err)
			}
			if shown := len(chat.Posts()) > 1; shown && (limited || errors.Is(err, bot.ErrNotSent)) {
				t.Error("told that nothing was done, but it is there")
			}
		})
	}
}

func TestAskingForNobodyIsNotSent(t *testing.T) {
	chat, adapter := chatAndAdapter(t)
	must(t, chat.Down())
	if _, err := say(t, adapter, notice("it", "1", bot.Ask)); !errors.Is(err, bot.ErrNotSent) {
		t.Errorf("told %v", err)
	}
	must(t, chat.Up())
}
