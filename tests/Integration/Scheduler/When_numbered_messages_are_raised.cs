using System.Net;
using System.Net.Http.Json;
using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Contracts.Views;
using Quorate.Tests.Integration.Engines;

namespace Quorate.Tests.Integration.Scheduler;

/// <summary>What was raised anywhere is kept and can be asked for. Source: issue 5, the last occurrences in this cluster.</summary>
public abstract class When_numbered_messages_are_raised(RealEngines? servers) : A_scheduler(servers)
{
    private static readonly DateTimeOffset At = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task They_are_found_by_number_and_by_service()
    {
        await StartAsync("""<service name="web" domain="order"/>""");
        await RaiseAsync(33, "#33: Unable to obtain cluster lock: gone", null, 1);
        await RaiseAsync(12, "#12: RG service:web failed to stop; intervention required", "service:web", 2);
        await RaiseAsync(33, "#33: Unable to obtain cluster lock: gone again \0", null, 3);

        await Eventually.HoldsAsync("all are kept", async () => (await ReadAsync("")).Count(message => message.Component == "test") == 3);
        IReadOnlyList<MessageView> locks = await ReadAsync("?number=33");
        MessageView stop = Assert.Single(await ReadAsync("?service=web"), message => message.Component == "test");

        Assert.Equal([1, 3], locks.Select(message => (message.At - At).TotalSeconds));
        Assert.Equal((12, "service:web", "n1"), (stop.Number, stop.Service?.Value, stop.Node?.Value));
        Assert.Equal(3, (Assert.Single(await ReadAsync("?number=33&last=1")).At - At).TotalSeconds);
        Assert.Empty(await ReadAsync("?number=62"));
        Assert.Empty(Cluster.Faults);
    }

    [Theory]
    [InlineData("?number=x")]
    [InlineData("?number=1.5")]
    [InlineData("?number=-1")]
    [InlineData("?last=many")]
    [InlineData("?service=a%00")]
    public async Task A_question_that_makes_no_sense_is_answered_with_a_sentence(string query)
    {
        await StartAsync("""<service name="web" domain="order"/>""");

        using HttpResponseMessage response = await Cluster.First.Http.GetAsync($"/api/messages{query}");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("\"detail\":", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private async Task RaiseAsync(int number, string text, string? service, int second) => Assert.True(await Cluster.First.Bus.TryPublishAsync(new MessageRaised
    {
        Number = number,
        Text = text,
        At = At.AddSeconds(second),
        Component = "test",
        Service = service is null ? null : new ServiceName(service),
        Node = service is null ? null : new NodeName("n1"),
    }));

    private async Task<IReadOnlyList<MessageView>> ReadAsync(string query) =>
        await Cluster.First.Http.GetFromJsonAsync<IReadOnlyList<MessageView>>($"/api/messages{query}") ?? [];
}

public sealed class When_numbered_messages_are_raised_in_memory() : When_numbered_messages_are_raised(null);

[Collection(RealEngines.SecondCollection)]
public sealed class When_numbered_messages_are_raised_on_real_engines(RealEngines servers) : When_numbered_messages_are_raised(servers);
