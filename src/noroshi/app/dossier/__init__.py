"""What is known of an object, a machine or a case, put together for a person."""
