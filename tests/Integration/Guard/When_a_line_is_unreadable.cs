using System.IO.Pipelines;
using System.Text;
using Quorate.Contracts;
using Quorate.Executor.Core.Guarding;
using Quorate.Executor.Service.Guard;

namespace Quorate.Tests.Integration.Guard;

/// <summary>A line of the executor that the guard cannot read fails the call it was for; no call waits for ever.</summary>
public sealed class When_a_line_is_unreadable
{
    [Theory]
    [InlineData("""{"type":"run","id":7,"service":[]}""", 7)]
    [InlineData("""{"id":9007199254740993,"type":"no-such"}""", 9007199254740993)]
    [InlineData("""{"type":"run","id":7,"service":"a""", 7)]
    [InlineData("""{"type":"run","invocation":{"id":8}}""", 0)]
    [InlineData("""{"type":"run","id":"7"}""", 0)]
    [InlineData("no json", 0)]
    [InlineData("", 0)]
    public void Its_id_is_found_where_it_has_one(string line, long id) => Assert.Equal(id, GuardLine.IdOf(Encoding.UTF8.GetBytes(line)));

    [Fact]
    public async Task A_real_guard_refuses_it_with_its_id_and_serves_on()
    {
        GuardedNode node = new();
        await using (GuardProcess guard = node.Serve())
        {
            await guard.Client.StartAsync(CancellationToken.None).WaitAsync(GuardedNode.Patience);

            GuardRefusedException refusal = await Assert.ThrowsAsync<GuardRefusedException>(() => guard.Client
                .RunAsync(new ServiceName(null!), node.Run("daemon", "monitor"), CancellationToken.None).WaitAsync(GuardedNode.Patience));

            Assert.Contains("unreadable line", refusal.Message, StringComparison.Ordinal);
            await node.StartDaemonAsync(guard.Client, 60_000).WaitAsync(GuardedNode.Patience);
        }

        await node.RemoveAsync();
    }

    [Fact]
    public async Task Without_an_id_the_connection_is_given_up()
    {
        Pipe fromGuard = new();
        Pipe toGuard = new();
        await using GuardClient client = new(fromGuard.Reader.AsStream(), toGuard.Writer.AsStream());
        Task<GuardHello> greeted = client.StartAsync(CancellationToken.None);
        await fromGuard.Writer.WriteAsync(GuardLine.Write(new GuardReport.Hello
        {
            Protocol = GuardLine.ProtocolVersion,
            Node = new NodeName("n1"),
            Incarnation = new Incarnation("i1"),
            ProvenEnded = [],
            StopDeadlineMilliseconds = 1_000,
            IsSelfFencing = false,
            BootTimeMilliseconds = 1,
            LeaseDeadlineMilliseconds = 0,
            Containment = "processes",
            Entries = 0,
        }));
        await greeted.WaitAsync(GuardedNode.Patience);
        Task ending = client.EndIncarnationAsync("test", CancellationToken.None);

        await fromGuard.Writer.WriteAsync(GuardLine.Write(new GuardReport.Refused { Id = 0, Reason = "unreadable line" }));

        await Assert.ThrowsAsync<IOException>(() => ending.WaitAsync(GuardedNode.Patience));
    }

    [Fact]
    public async Task An_end_asked_for_twice_ends_once_for_both()
    {
        GuardedNode node = new();
        await using (GuardProcess guard = node.Serve())
        {
            await guard.Client.StartAsync(CancellationToken.None).WaitAsync(GuardedNode.Patience);
            await node.StartDaemonAsync(guard.Client, 60_000);

            Task<GuardReport.Ended> first = guard.Client.EndIncarnationAsync("once", CancellationToken.None);
            Task<GuardReport.Ended> second = guard.Client.EndIncarnationAsync("twice", CancellationToken.None);

            Assert.Equal((await first.WaitAsync(GuardedNode.Patience)).Incarnation, (await second.WaitAsync(GuardedNode.Patience)).Incarnation);
        }

        await node.RemoveAsync();
    }
}
