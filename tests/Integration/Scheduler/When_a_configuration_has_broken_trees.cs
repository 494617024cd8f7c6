using System.Net.Http.Json;
using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Contracts.Views;
using Quorate.Tests.Integration.Engines;

namespace Quorate.Tests.Integration.Scheduler;

/// <summary>The file a cluster begins with has errors: what is sound runs, and somebody has to know. Source: message #7; DESIGN 9.</summary>
public abstract class When_a_configuration_has_broken_trees(RealEngines? servers) : A_scheduler(servers)
{
    [Fact]
    [Trait("Message", "7")]
    public async Task It_is_said_with_the_first_line_and_the_sound_services_run()
    {
        await StartAsync("""<service name="web" domain="order"/>""", """<service name="db" domain="order"><script ref="gone"/></service>""");

        await Cluster.FormAsync();

        await Cluster.UntilAsync("web", ServiceState.Started, "n1");
        Assert.Equal(["#7: Error building resource tree"], Cluster.First.Logs.Logged(7));
        await Eventually.HoldsAsync("it is kept", async () => (await RaisedAsync()).Count == 1);
        Assert.Contains("""<script ref="gone"> refers to nothing""", (await RaisedAsync())[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sound_one_is_not_complained_of()
    {
        await StartAsync("""<service name="web" domain="order"><memo/></service>""");

        Assert.Empty(Cluster.First.Logs.Logged(7));
    }

    private async Task<IReadOnlyList<MessageView>> RaisedAsync() =>
        await Cluster.First.Http.GetFromJsonAsync<IReadOnlyList<MessageView>>("/api/messages?number=7") ?? [];
}

public sealed class When_a_configuration_has_broken_trees_in_memory() : When_a_configuration_has_broken_trees(null);

[Collection(RealEngines.SecondCollection)]
public sealed class When_a_configuration_has_broken_trees_on_real_engines(RealEngines servers) : When_a_configuration_has_broken_trees(servers);
