"""What the cabinet tells people by itself: an inbox, mails, SMS («уведомления»)."""
