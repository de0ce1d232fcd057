BOARD = "overview-board"
