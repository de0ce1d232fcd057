"""What the Backlinks page and its endpoints show, one function a panel."""
