using Quorate.Contracts;
using Quorate.Tests.Integration.Engines;
using Quorate.Tests.Integration.Scheduler;

namespace Quorate.Tests.Integration.Injection;

/// <summary>What these suites share: a scheduler on a real broker, service:web started on n1, and a foreign program beside it.</summary>
public abstract class An_outsider(RealEngines servers) : A_scheduler(servers), IAsyncLifetime
{
    private Outsider? _outsider;

    private protected Outsider Outside => _outsider ?? throw new InvalidOperationException("begin first");

    private protected ExecutorDouble N1 { get; private set; } = null!; // set by BeginAsync before any use

    public new async Task DisposeAsync()
    {
        if (_outsider is not null)
        {
            await _outsider.DisposeAsync();
        }
        await base.DisposeAsync();
    }

    private protected async Task BeginAsync()
    {
        await StartAsync("""<service name="web" domain="order"/>""");
        (N1, _, _) = await Cluster.FormAsync();
        await Cluster.UntilAsync("web", ServiceState.Started, "n1");
        _outsider = await ConnectAsync();
    }

    private protected Task<Outsider> ConnectAsync(bool isDirect = false) =>
        Outsider.ConnectAsync(Cluster.Engines.Options.Bus, Cluster.Engines.Options.BusPrefix, isDirect);
}
