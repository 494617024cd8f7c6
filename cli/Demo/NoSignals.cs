using Microsoft.Extensions.Hosting;

namespace Quorate.Cli.Demo;

/// <summary>Keeps a host from ending by itself at Ctrl-C: the demo ends all of its hosts, in order.</summary>
internal sealed class NoSignals : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
