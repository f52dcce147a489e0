"""Appeals («обращения»): threads of messages between a customer and the supplier."""
