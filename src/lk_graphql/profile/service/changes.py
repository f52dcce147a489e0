"""The topic of changes of a person's own objects.

Triggers on the tables of users, notices, uploads, exports and account links publish the person's
key at the commit of any change (decision 0233), so commands don't publish.
"""

USER = "user"
"""The topic of changes of people; its keys are keys of users."""
