"""The websockets: boards, on the y-websocket wire, and the events that tell a screen to look again."""
