#:package RabbitMQ.Client@7.1.2
#:property ManagePackageVersionsCentrally=false
#:property PublishAot=false

// Relocates a service, prints the answer, and waits until it runs there. It needs the .NET SDK 10 and nothing of Quorate's code.
// usage: AMQP_URL=amqp://USER:PASSWORD@HOST dotnet run relocate.cs SERVICE NODE     (BUS_PREFIX where the cluster has one)
using System.Text.Json;
using System.Threading.Channels;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

if (args.Length != 2)
{
    Console.Error.WriteLine("usage: dotnet run relocate.cs SERVICE NODE");
    return 2;
}
string service = args[0].Contains(':') ? args[0] : $"service:{args[0]}";
string node = args[1];
string prefix = Environment.GetEnvironmentVariable("BUS_PREFIX") ?? "";
using CancellationTokenSource patience = new(TimeSpan.FromSeconds(120));

ConnectionFactory factory = new() { Uri = new Uri(Environment.GetEnvironmentVariable("AMQP_URL") ?? "amqp://localhost") };
await using IConnection connection = await factory.CreateConnectionAsync(patience.Token);
await using IChannel channel = await connection.CreateChannelAsync(cancellationToken: patience.Token);

// A queue of our own for events, made with each connection; answers come back over the broker's direct reply-to.
string queue = (await channel.QueueDeclareAsync(cancellationToken: patience.Token)).QueueName;
await channel.QueueBindAsync(queue, $"{prefix}ServiceTransitioned", "", cancellationToken: patience.Token);
ChannelReader<JsonElement> events = await ReadAsync(queue);
ChannelReader<JsonElement> answers = await ReadAsync("amq.rabbitmq.reply-to");

string requestId = $"relocate-{Guid.NewGuid()}";
BasicProperties properties = new() { ContentType = "application/json", ReplyTo = "amq.rabbitmq.reply-to", CorrelationId = requestId };
await channel.BasicPublishAsync(
    $"{prefix}RelocateService", "", mandatory: true, properties, JsonSerializer.SerializeToUtf8Bytes(new { requestId, service, node }), patience.Token);

JsonElement answer = await answers.ReadAsync(patience.Token);
Console.WriteLine(answer);
if (answer.GetProperty("result").GetString() != "success")
{
    return 1;
}
await foreach (JsonElement told in events.ReadAllAsync(patience.Token))
{
    JsonElement transition = told.GetProperty("message");
    if (transition.GetProperty("service").GetString() == service && transition.GetProperty("to").GetString() == "started")
    {
        Console.WriteLine($"{service} runs on {transition.GetProperty("owner").GetString()}");
        return 0;
    }
}
return 1;

async Task<ChannelReader<JsonElement>> ReadAsync(string from)
{
    Channel<JsonElement> read = Channel.CreateUnbounded<JsonElement>();
    AsyncEventingBasicConsumer consumer = new(channel);
    consumer.ReceivedAsync += async (_, delivered) => await read.Writer.WriteAsync(JsonSerializer.Deserialize<JsonElement>(delivered.Body.Span));
    await channel.BasicConsumeAsync(from, autoAck: true, consumer, patience.Token);
    return read.Reader;
}
