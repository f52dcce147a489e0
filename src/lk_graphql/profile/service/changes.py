"""The topic of changes of a person's own things.

Triggers of the tables of people, notices, uploads, exports and links to accounts publish the person
at the commit of a change, whatever has made it (decision 0233). So no command has to.
"""

USER = "user"
"""The topic of changes of people; its keys are those of users."""
