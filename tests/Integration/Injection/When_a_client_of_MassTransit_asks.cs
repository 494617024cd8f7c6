using MassTransit;
using Quorate.Contracts;
using Quorate.Contracts.V1;
using Quorate.Contracts.Views;
using Quorate.Tests.Integration.Engines;
using Quorate.Tests.Integration.Scheduler;

namespace Quorate.Tests.Integration.Injection;

/// <summary>A program with MassTransit and our contracts gets typed answers from its request client, also those that take a while.</summary>
[Collection(RealEngines.SecondCollection)]
public sealed class When_a_client_of_MassTransit_asks(RealEngines servers) : A_scheduler(servers), IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private IBusControl? _client;

    [Fact]
    public async Task A_command_is_answered()
    {
        await BeginAsync();

        Response<CommandAnswered> answer = await Client<RestartService>()
            .GetResponse<CommandAnswered>(new RestartService { RequestId = "r1", Service = new("service:web") }, timeout: Patience);

        Assert.Equal((ResultCode.Success, "n1"), (answer.Message.Result, answer.Message.Owner?.Value));
    }

    [Fact]
    public async Task A_command_that_is_refused_is_answered_too()
    {
        await BeginAsync();

        Response<CommandAnswered> answer = await Client<RestartService>()
            .GetResponse<CommandAnswered>(new RestartService { RequestId = "", Service = new("service:web") }, timeout: Patience);

        Assert.True(answer.Message.IsRefused);
        Assert.Contains("requestId", Assert.Single(answer.Message.Reasons), StringComparison.Ordinal);
    }

    /// <summary>Of a client's address its queue's name counts; what else it asks for (a queue declared anew) is not done.</summary>
    [Fact]
    public async Task An_address_that_asks_for_more_than_an_answer_gets_no_more()
    {
        await BeginAsync();
        ISendEndpoint endpoint = await _client!.GetSendEndpoint(new Uri($"exchange:{Cluster.Engines.Options.BusPrefix}RestartService")); // set by BeginAsync

        await endpoint.Send(new RestartService { RequestId = "r1", Service = new("service:web") }, context =>
        {
            context.RequestId = Guid.NewGuid();
            context.ResponseAddress = new Uri("queue:never-made");
        });

        await Cluster.UntilRaisedAsync(40);
        Assert.Contains(Cluster.Raised, message => message.Text.Contains("there is no such queue", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_question_has_either_answer()
    {
        await BeginAsync();

        Response<ServiceView, NotFound> known = await Client<GetService>()
            .GetResponse<ServiceView, NotFound>(new GetService { Service = new("service:web") }, timeout: Patience);
        Response<ServiceView, NotFound> unknown = await Client<GetService>()
            .GetResponse<ServiceView, NotFound>(new GetService { Service = new("service:nosuch") }, timeout: Patience);

        Assert.True(known.Is(out Response<ServiceView>? view) && view.Message.State == ServiceState.Started);
        Assert.True(unknown.Is(out Response<NotFound>? missing) && missing.Message.Result == ResultCode.NoService);
    }

    public new async Task DisposeAsync()
    {
        await (_client?.StopAsync() ?? Task.CompletedTask);
        await base.DisposeAsync();
    }

    private IRequestClient<T> Client<T>() where T : class =>
        _client!.CreateRequestClient<T>(new Uri($"exchange:{Cluster.Engines.Options.BusPrefix}{typeof(T).Name}")); // set by BeginAsync

    private async Task BeginAsync()
    {
        await StartAsync("""<service name="web" domain="order"/>""");
        await Cluster.FormAsync();
        await Cluster.UntilAsync("web", ServiceState.Started, "n1");
        _client = Bus.Factory.CreateUsingRabbitMq(configurator => configurator.Host(new Uri(Cluster.Engines.Options.Bus.Replace("amqp:", "rabbitmq:", StringComparison.Ordinal)), host =>
        {
            host.Username("guest");
            host.Password("guest");
        }));
        await _client.StartAsync();
    }
}
