#!/usr/bin/python3
"""Relocates a service, prints the answer, and waits until it runs there. Needs Debian's python3-pika.

usage: AMQP_URL=amqp://USER:PASSWORD@HOST relocate.py SERVICE NODE     (BUS_PREFIX where the cluster has one)
"""
import json
import os
import sys
import uuid

import pika

SECONDS_MAX = 120
PREFIX = os.environ.get("BUS_PREFIX", "")


def main(service, node):
    connection = pika.BlockingConnection(pika.URLParameters(os.environ.get("AMQP_URL", "amqp://localhost")))
    channel = connection.channel()
    request = {"requestId": f"relocate-{uuid.uuid4()}", "service": service, "node": node}
    told = []

    # A queue of our own for events, made with each connection; answers come back over the broker's direct reply-to.
    events = channel.queue_declare("", exclusive=True).method.queue
    channel.queue_bind(events, f"{PREFIX}ServiceTransitioned")
    channel.basic_consume(events, lambda _c, _m, _p, body: told.append(json.loads(body)["message"]), auto_ack=True)
    answers = []
    channel.basic_consume("amq.rabbitmq.reply-to", lambda _c, _m, _p, body: answers.append(json.loads(body)), auto_ack=True)
    channel.basic_publish(
        f"{PREFIX}RelocateService", "", json.dumps(request),
        pika.BasicProperties(content_type="application/json", reply_to="amq.rabbitmq.reply-to", correlation_id=request["requestId"]))

    wait_for(connection, lambda: answers, "the answer")
    print(json.dumps(answers[0]))
    if answers[0]["result"] != "success":
        return 1
    name = service if ":" in service else f"service:{service}"
    wait_for(connection, lambda: any(
        event["service"] == name and event["to"] == "started" and event.get("owner") == node for event in told), f"{name} on {node}")
    print(f"{name} runs on {node}")
    return 0


def wait_for(connection, is_so, what):
    for _ in range(SECONDS_MAX):
        if is_so():
            return
        connection.process_data_events(time_limit=1)
    sys.exit(f"not within {SECONDS_MAX} s: {what}")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], sys.argv[2]))
