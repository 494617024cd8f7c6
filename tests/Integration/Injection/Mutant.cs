using System.Text;
using System.Text.Json.Nodes;

namespace Quorate.Tests.Integration.Injection;

/// <summary>Makes bodies that a careless or hostile program might send, the same ones for the same seed: whole commands, damaged ones, and noise.</summary>
internal sealed class Mutant(int seed)
{
    private static readonly string[] Services = ["web", "service:db", "nosuch", "", "web\0", "service:web:more", "\ud800", new('x', 5000)];
    private static readonly string[] Nodes = ["n1", "n2", "n3", "n9", "", "n1\n", "\u202e"];

    private readonly Random _random = new(seed);

    /// <summary>One body, more often than not broken.</summary>
    public byte[] Next(string requestId)
    {
        JsonObject command = new()
        {
            ["requestId"] = requestId,
            ["service"] = One(Services),
        };
        if (_random.Next(3) == 0)
        {
            command["node"] = One(Nodes);
        }
        return _random.Next(14) switch
        {
            0 => Bytes(_random.Next(200)),
            1 => Encoding.UTF8.GetBytes(new string('[', _random.Next(1, 2000))),
            2 => Cut(Text(command)),
            3 => Flipped(Text(command)),
            4 => Text(Without(command)),
            5 => Text(With(command)),
            6 => Encoding.Latin1.GetBytes($$"""{"requestId": "{{requestId}}", "service": "{{(char)_random.Next(128, 256)}}"}"""),
            7 => Encoding.UTF8.GetBytes($$"""{"requestId": "{{requestId}}", "requestId": {{_random.Next()}}, "service": "web", "service": null}"""),
            8 => Encoding.UTF8.GetBytes($$"""{"requestId": "{{new string('r', _random.Next(150, 400))}}", "service": "web"}"""),
            9 => Encoding.UTF8.GetBytes($$"""{"requestId": "{{requestId}}", "service": "\ud800", "\udc00": "\u0000"}"""),
            10 => Encoding.UTF8.GetBytes($$"""{"messageType": ["urn:message:Quorate.Contracts.V{{_random.Next(4)}}:EnableService", "\ud800"], "message": {{command.ToJsonString()}}}"""),
            _ => Text(command),
        };
    }

    /// <summary>One of these.</summary>
    public T One<T>(IReadOnlyList<T> all) => all[_random.Next(all.Count)];

    /// <summary>True once in so many times.</summary>
    public bool Once(int times) => _random.Next(times) == 0;

    private static byte[] Text(JsonObject command) => Encoding.UTF8.GetBytes(command.ToJsonString());

    private byte[] Bytes(int count)
    {
        byte[] noise = new byte[count];
        _random.NextBytes(noise);
        return noise;
    }

    private byte[] Cut(byte[] body) => body[.._random.Next(body.Length)];

    private byte[] Flipped(byte[] body)
    {
        for (int flips = _random.Next(1, 4); flips > 0; flips--)
        {
            body[_random.Next(body.Length)] ^= (byte)(1 << _random.Next(8));
        }
        return body;
    }

    private JsonObject Without(JsonObject command)
    {
        command.Remove(_random.Next(2) == 0 ? "requestId" : "service");
        return command;
    }

    private JsonObject With(JsonObject command)
    {
        command[One(["requestId", "service", "node", "expiresAt", "contractVersion", "hold", "more"])] = _random.Next(8) switch
        {
            0 => null,
            1 => _random.Next(),
            2 => new JsonArray(1, "two", null),
            3 => new JsonObject { ["a"] = new JsonObject { ["b"] = true } },
            4 => true,
            5 => "2099-12-31T23:59:60+99:99",
            6 => 1e300,
            _ => new string('y', _random.Next(10_000)),
        };
        return command;
    }
}
